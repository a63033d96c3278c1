# portway_embed(TARGET FOLDER VARIABLE): the files below FOLDER (of the current source directory) as
# a table in the program, so that portway is one file wherever it is copied to. The code that uses
# VARIABLE, in namespace portway, declares it: see base/embedded_file.h.
function(portway_embed target folder variable)
  file(GLOB_RECURSE paths CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}/${folder}
    ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*)
  list(SORT paths)
  set(text "#include \"base/embedded_file.h\"\n\nnamespace portway {\nnamespace {\n\n")
  set(table "constexpr EmbeddedFile kFiles[] = {\n")
  set(index 0)
  foreach(path ${paths})
    set(file ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/${path})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    # As numbers: CMake's strings would change brackets and semicolons, and compilers limit the
    # length of a literal.
    file(READ ${file} hex HEX)
    string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${hex}")
    string(APPEND text "constexpr char kFile${index}[] = {${bytes}0};\n")
    string(APPEND table "    {\"${path}\", {kFile${index}, sizeof(kFile${index}) - 1}},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  string(APPEND text "\n${table}};\n\n}  // namespace\n\n"
    "extern const std::span<const EmbeddedFile> ${variable};\n"
    "const std::span<const EmbeddedFile> ${variable} = kFiles;\n\n}  // namespace portway\n")
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${variable}.cc)
  file(CONFIGURE OUTPUT ${generated} CONTENT "${text}" @ONLY)
  target_sources(${target} PRIVATE ${generated})
endfunction()
