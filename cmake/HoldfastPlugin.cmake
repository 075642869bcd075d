# How a plugin is built: for ours and, installed with the CMake package, for everybody's.

# holdfast_add_plugin(KIND NAME SOURCES … [LIBS libs…] [OUTPUT_DIRECTORY dir])
# The target plugin_<kind>_<name>: one library <kind>_<name>.so that exports one symbol and sees the
# SDK only. It is made in <build>/plugins and installed to lib/holdfast/plugins.
function(holdfast_add_plugin kind name)
  cmake_parse_arguments(PARSE_ARGV 2 A "" "OUTPUT_DIRECTORY" "SOURCES;LIBS")
  set(kinds strategy feed broker risk_rule notifier actor)
  if(NOT kind IN_LIST kinds)
    message(FATAL_ERROR "holdfast_add_plugin: '${kind}' is no kind of plugin; there are: ${kinds}")
  endif()
  if(NOT A_SOURCES OR A_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "holdfast_add_plugin(${kind} ${name} SOURCES file.cpp …): no sources, or arguments nobody knows: ${A_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT A_OUTPUT_DIRECTORY)
    set(A_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
  endif()
  set(target plugin_${kind}_${name})
  add_library(${target} MODULE ${A_SOURCES})
  target_link_libraries(${target} PRIVATE holdfast::sdk holdfast::trading ${A_LIBS})
  # A symbol that is unique in the process would keep two versions of a plugin from living side by side.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
  # Nor one of a library that is linked into it.
  target_link_options(${target} PRIVATE LINKER:--exclude-libs,ALL)
  set_target_properties(${target} PROPERTIES PREFIX "" OUTPUT_NAME ${kind}_${name}
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${A_OUTPUT_DIRECTORY} INSTALL_RPATH "$ORIGIN/../..")
  set_property(GLOBAL APPEND PROPERTY HOLDFAST_PLUGINS ${target})
  install(TARGETS ${target} LIBRARY DESTINATION lib/holdfast/plugins COMPONENT program)
endfunction()

# holdfast_add_plugin_test(TARGET SOURCES … [LIBS libs…])
# The test test_<target>: a program that contains the plugin, as holdfast_plugin(), and the testkit.
# ctest runs it in the folder of its sources, where tapes and data lie.
function(holdfast_add_plugin_test target)
  cmake_parse_arguments(PARSE_ARGV 1 A "" "" "SOURCES;LIBS")
  if(NOT TARGET ${target} OR NOT A_SOURCES OR A_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "holdfast_add_plugin_test(${target} SOURCES file.cpp …): no such plugin, no sources, or arguments nobody knows: ${A_UNPARSED_ARGUMENTS}")
  endif()
  add_executable(test_${target} ${A_SOURCES} $<TARGET_OBJECTS:${target}>)
  target_link_libraries(test_${target} PRIVATE holdfast::testkit ${A_LIBS})
  add_test(NAME test_${target} COMMAND test_${target} WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
endfunction()

# holdfast_add_conformance_test(TARGET CONFIG file.yaml [INCLUDE regex])
# The test conformance_<target>: the suite of its kind, a process per case, with the program that is installed.
# What was found is in <build>/conformance_<target>.html, .xml and .json.
function(holdfast_add_conformance_test target)
  cmake_parse_arguments(PARSE_ARGV 1 A "" "CONFIG;INCLUDE" "")
  if(NOT TARGET ${target} OR NOT A_CONFIG OR A_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "holdfast_add_conformance_test(${target} CONFIG file.yaml …): no such plugin, no configuration, or arguments nobody knows: ${A_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT target MATCHES "^plugin_(broker|feed|strategy)_")
    message(FATAL_ERROR "holdfast_add_conformance_test(${target} …): there are suites for brokers, feeds and strategies")
  endif()
  set(suite ${CMAKE_MATCH_1})
  if(TARGET holdfast)
    set(program $<TARGET_FILE:holdfast>)
  else()
    find_program(HOLDFAST holdfast REQUIRED HINTS ${holdfast_DIR}/../../../bin)
    set(program ${HOLDFAST})
  endif()
  set(found ${CMAKE_CURRENT_BINARY_DIR}/conformance_${target})
  set(include)
  if(A_INCLUDE)
    set(include --include ${A_INCLUDE})
  endif()
  add_test(NAME conformance_${target} WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
    COMMAND ${program} --plugin-path $<TARGET_FILE_DIR:${target}> conformance ${suite} --config ${A_CONFIG} ${include}
      --results ${found}.last.json --junit ${found}.xml --html ${found}.html --certificate ${found}.json)
endfunction()
