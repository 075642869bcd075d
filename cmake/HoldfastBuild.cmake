# How every target of the house is built: one place for flags, output folders and link rules.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_INSTALL_RPATH "$ORIGIN/../lib")
# The same where it is built: CMake ends a path that it means to change with an empty one, and that
# is the working directory, whoever filled it.
set(CMAKE_BUILD_WITH_INSTALL_RPATH ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
# -O3 buys nothing measurable here and a good part of the build time.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

# A build says the same wherever it was made.
add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)

# Both make builds shorter; neither is required.
find_program(HOLDFAST_CCACHE ccache)
if(HOLDFAST_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${HOLDFAST_CCACHE})
endif()

add_library(holdfast_flags INTERFACE)
target_compile_options(holdfast_flags INTERFACE -Wall -Wextra -Wpedantic -Wno-unused-parameter
  "$<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique;-Wno-restrict>" -fno-omit-frame-pointer)
# Sanitized code is slow anyway; with -O1 it is at least compiled sooner.
if(HOLDFAST_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -g1 -O1)
  add_link_options(-fsanitize=address,undefined)
elseif(HOLDFAST_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread -g1 -O1)
  add_link_options(-fsanitize=thread)
elseif(HOLDFAST_SANITIZE STREQUAL "fuzzer")
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -g1)
  add_link_options(-fsanitize=address,undefined)
endif()

# holdfast_library(NAME [SHARED] [COMPONENT sdk|testkit|runtime|metrics] SOURCES … [PUBLIC libs…] [PRIVATE libs…])
# A room of the framework: public headers in include/, sources in src/, foreign libraries PRIVATE.
# Installed as holdfast::<name>, part of a component of the CMake package; `runtime` unless named.
function(holdfast_library name)
  cmake_parse_arguments(A "SHARED" "COMPONENT" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  set(type STATIC)
  if(A_SHARED)
    set(type SHARED)
  endif()
  if(NOT A_COMPONENT)
    set(A_COMPONENT runtime)
  endif()
  add_library(holdfast_${name} ${type} ${A_SOURCES})
  add_library(holdfast::${name} ALIAS holdfast_${name})
  target_include_directories(holdfast_${name} PUBLIC
    $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include> PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/src)
  target_compile_features(holdfast_${name} PUBLIC cxx_std_20)
  target_link_libraries(holdfast_${name} PUBLIC ${A_PUBLIC} PRIVATE $<BUILD_INTERFACE:holdfast_flags> ${A_PRIVATE})
  set_target_properties(holdfast_${name} PROPERTIES EXPORT_NAME ${name} INSTALL_RPATH "$ORIGIN")
  set_property(GLOBAL APPEND PROPERTY HOLDFAST_ROOMS_${A_COMPONENT} ${name})
  install(TARGETS holdfast_${name} EXPORT holdfast-${A_COMPONENT}
    LIBRARY DESTINATION lib COMPONENT program NAMELINK_COMPONENT development
    ARCHIVE DESTINATION lib COMPONENT development INCLUDES DESTINATION include)
  install(DIRECTORY include/ DESTINATION include COMPONENT development)
endfunction()

include(HoldfastPlugin)
