# Flags that every target shares, and what the presets switch.
set(PORTWAY_SANITIZE "" CACHE STRING "Sanitizers to build with: address,undefined or thread")
option(PORTWAY_FUZZ "Build the libFuzzer targets (needs clang)" OFF)
option(PORTWAY_COVERAGE "Build with coverage counters" OFF)

add_library(portway_flags INTERFACE)
target_include_directories(portway_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(portway_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Wold-style-cast -Woverloaded-virtual -Wimplicit-fallthrough -Werror)

if(PORTWAY_SANITIZE)
  target_compile_options(portway_flags INTERFACE
    -fsanitize=${PORTWAY_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(portway_flags INTERFACE -fsanitize=${PORTWAY_SANITIZE})
endif()
if(PORTWAY_FUZZ)
  target_compile_options(portway_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(PORTWAY_COVERAGE)
  target_compile_options(portway_flags INTERFACE --coverage)
  target_link_options(portway_flags INTERFACE --coverage)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
