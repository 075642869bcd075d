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

# holdfast_install_component(NAME DESCRIPTION REQUIRES CFLAGS LIBS): its targets for CMake, and
# holdfast-<name>.pc. LIBS are what its rooms stand on, which pkg-config cannot know.
function(holdfast_install_component component description requires cflags libs)
  install(EXPORT holdfast-${component} NAMESPACE holdfast:: DESTINATION ${package_dir} COMPONENT development)
  get_property(rooms GLOBAL PROPERTY HOLDFAST_ROOMS_${component})
  # A linker wants those who need before those who are needed, and rooms come in the other order.
  foreach(room IN LISTS rooms)
    string(PREPEND libs "-lholdfast_${room} ")
  endforeach()
  configure_file(cmake/holdfast.pc.in ${CMAKE_BINARY_DIR}/holdfast-${component}.pc @ONLY)
  install(FILES ${CMAKE_BINARY_DIR}/holdfast-${component}.pc DESTINATION lib/pkgconfig COMPONENT development)
endfunction()
holdfast_install_component(sdk "What plugins are made of" "" "-std=c++20" "")
holdfast_install_component(testkit "What plugins are tested with" holdfast-sdk "" "-larchive")
holdfast_install_component(runtime "A trading system inside your program" holdfast-sdk ""
  "-lrocksdb -lcrypto -lyaml-cpp -lquickfix -lcaf_core -ldl -pthread")
holdfast_install_component(metrics "What a system says of itself to Prometheus" holdfast-runtime ""
  "-lprometheus-cpp-core")
holdfast_install_component(c "The C interface" "" "" "-lholdfast")

set(doc_dir share/doc/holdfast)
install(FILES README.md ARCHITECTURE.md CHANGELOG.md LICENSE DESTINATION ${doc_dir} COMPONENT program)
install(DIRECTORY docs DESTINATION ${doc_dir} COMPONENT program)
# Editors find the schema beside the program instead of in a build.
file(GLOB configs CONFIGURE_DEPENDS configs/*.yaml)
foreach(config ${configs})
  file(READ ${config} text)
  string(REPLACE "../build/release/share/" "../../../holdfast/" text "${text}")
  get_filename_component(name ${config} NAME)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/configs/${name} CONTENT "${text}" @ONLY)
  install(FILES ${CMAKE_BINARY_DIR}/configs/${name} DESTINATION ${doc_dir}/examples COMPONENT program)
endforeach()
install(DIRECTORY configs/conformance DESTINATION ${doc_dir}/examples COMPONENT program)
# What the program says about itself, made by the build: see tools/holdfast.
set(made ${CMAKE_BINARY_DIR}/share)
install(DIRECTORY ${made}/man ${made}/bash-completion ${made}/fish DESTINATION share COMPONENT program OPTIONAL)
install(DIRECTORY ${made}/zsh/site-functions/ DESTINATION share/zsh/vendor-completions COMPONENT program OPTIONAL)
install(FILES ${made}/holdfast.schema.json DESTINATION share/holdfast COMPONENT program OPTIONAL)
install(FILES packaging/holdfast@.service DESTINATION lib/systemd/system COMPONENT program)
