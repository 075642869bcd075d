# Debian packages by CPack, see tools/package: `holdfast` runs systems, `holdfast-dev` builds plugins
# and programs. What only a Debian package needs is not installed otherwise.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME holdfast)
set(CPACK_PACKAGE_CONTACT "Holdfast developers <holdfast@example.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "trading runtime you can crash on purpose")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_COMPONENTS_ALL program debian development debian_dev)
foreach(component program debian)
  string(TOUPPER ${component} upper)
  set(CPACK_COMPONENT_${upper}_GROUP main)
endforeach()
foreach(component development debian_dev)
  string(TOUPPER ${component} upper)
  set(CPACK_COMPONENT_${upper}_GROUP dev)
endforeach()

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_BINARY_DIR}/lib)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_MAIN_PACKAGE_NAME holdfast)
set(CPACK_DEBIAN_MAIN_PACKAGE_DEPENDS tzdata)  # Of sessions with a zone.
set(CPACK_DEBIAN_MAIN_PACKAGE_SECTION misc)
# Sessions follow the zones of the machine.
set(CPACK_DEBIAN_MAIN_PACKAGE_DEPENDS "tzdata")
set(CPACK_DEBIAN_MAIN_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/packaging/triggers)
set(CPACK_DEBIAN_MAIN_DESCRIPTION "Every part of a trading system is a supervised actor loaded from a shared
library that a YAML file names, and one journal orders everything that
happens. Any actor, or the whole process, may die at any instant and comes
back with exactly the state it had.")
set(CPACK_DEBIAN_DEV_PACKAGE_NAME holdfast-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "holdfast (= ${PROJECT_VERSION}), libarchive-dev, libcaf-dev, libquickfix-dev, librocksdb-dev, libssl-dev, libyaml-cpp-dev, prometheus-cpp-dev")
set(CPACK_DEBIAN_DEV_PACKAGE_RECOMMENDS "cmake, g++, ninja-build, pkgconf")
set(CPACK_DEBIAN_DEV_DESCRIPTION "Headers, libraries, the CMake package and the pkg-config files: the SDK that
plugins are made of, the testkit they are tested with, and the runtime for a
trading system inside another program.")

# What Debian asks of every package. A build says the same whenever it is made: the date is the source's.
find_program(HOLDFAST_GZIP gzip)
if(HOLDFAST_GZIP)
  string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
  configure_file(packaging/changelog.in ${CMAKE_BINARY_DIR}/debian-changelog @ONLY)
  execute_process(COMMAND ${HOLDFAST_GZIP} -9cn ${CMAKE_BINARY_DIR}/debian-changelog
    OUTPUT_FILE ${CMAKE_BINARY_DIR}/changelog.gz COMMAND_ERROR_IS_FATAL ANY)
  foreach(package holdfast holdfast-dev)
    set(component debian)
    if(package STREQUAL holdfast-dev)
      set(component debian_dev)
    endif()
    install(FILES packaging/copyright ${CMAKE_BINARY_DIR}/changelog.gz
      DESTINATION share/doc/${package} COMPONENT ${component} EXCLUDE_FROM_ALL)
    install(FILES packaging/${package}.lintian-overrides RENAME ${package}
      DESTINATION share/lintian/overrides COMPONENT ${component} EXCLUDE_FROM_ALL)
  endforeach()
endif()
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/packaging/compress_manuals.cmake)
include(CPack)
