# portway_layer(NAME SOURCES ... DEPENDS ...): one layer of the program as a static library
# portway_NAME.
# portway_tests(NAME SOURCES ... DEPENDS ... [LABEL unit]): its tests: one binary, a ctest a case,
# in sanitized trees with `sanitized.` before its name, so that one ctest can run both.
find_package(GTest REQUIRED)
include(GoogleTest)

function(portway_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(portway_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(portway_${name} PUBLIC portway_flags ${ARG_DEPENDS})
endfunction()

function(portway_tests name)
  cmake_parse_arguments(ARG "" "LABEL" "SOURCES;DEPENDS" ${ARGN})
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  if(PORTWAY_SANITIZE)
    set(sanitized sanitized.)
  endif()
  add_executable(${name}_tests ${ARG_SOURCES})
  target_link_libraries(${name}_tests PRIVATE ${ARG_DEPENDS} GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${name}_tests TEST_PREFIX ${sanitized}${name}. DISCOVERY_MODE PRE_TEST
    PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 300)
endfunction()
