#include <unistd.h>

#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "app/portway.h"

int main(int argc, char** argv) {
  portway::app::Console console{std::cout, std::cerr, ::isatty(STDIN_FILENO) == 1};
  try {
    return portway::app::run_portway(std::vector<std::string>(argv + 1, argv + argc), console);
  } catch (const std::exception& exception) {
    std::cerr << "portway: " << exception.what() << "\n";
    return portway::app::kExitFoundWrong;
  }
}
