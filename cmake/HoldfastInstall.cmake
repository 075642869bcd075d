# What `cmake --install` puts where, beyond the libraries and plugins, which say it themselves. All
# places are relative to the prefix and to each other, so that the tree may be moved.
# Two install components: `program` to run systems, `development` to build plugins and programs.
include(CMakePackageConfigHelpers)

set(package_dir lib/cmake/holdfast)
configure_package_config_file(cmake/holdfast-config.cmake.in ${CMAKE_BINARY_DIR}/holdfast-config.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/holdfast-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/holdfast-config.cmake ${CMAKE_BINARY_DIR}/holdfast-config-version.cmake
  cmake/HoldfastPlugin.cmake DESTINATION ${package_dir} COMPONENT development)

# holdfast_install_component(NAME DESCRIPTION REQUIRES FOREIGN): its targets for CMake, and holdfast-<name>.pc.
function(holdfast_install_component component description requires foreign)
  install(EXPORT holdfast-${component} NAMESPACE holdfast:: DESTINATION ${package_dir} COMPONENT development)
  get_property(rooms GLOBAL PROPERTY HOLDFAST_ROOMS_${component})
  list(REVERSE rooms)
  list(TRANSFORM rooms PREPEND -lholdfast_)
  list(JOIN rooms " " libs)
  string(APPEND libs " ${foreign}")
  configure_file(cmake/holdfast.pc.in ${CMAKE_BINARY_DIR}/holdfast-${component}.pc @ONLY)
  install(FILES ${CMAKE_BINARY_DIR}/holdfast-${component}.pc DESTINATION lib/pkgconfig COMPONENT development)
endfunction()
holdfast_install_component(sdk "What plugins are made of" "" "")
holdfast_install_component(testkit "What plugins are tested with" "holdfast-sdk" "-larchive")
holdfast_install_component(runtime "A trading system inside your program" "holdfast-sdk"
  "-lrocksdb -lcrypto -lyaml-cpp -lcaf_core -ldl -pthread")

set(doc_dir share/doc/holdfast)
install(FILES README.md ARCHITECTURE.md CHANGELOG.md LICENSE DESTINATION ${doc_dir} COMPONENT program)
install(DIRECTORY docs DESTINATION ${doc_dir} COMPONENT program)
install(DIRECTORY configs/ DESTINATION ${doc_dir}/examples COMPONENT program FILES_MATCHING PATTERN *.yaml)
install(FILES packaging/holdfast@.service DESTINATION lib/systemd/system COMPONENT program)
