#pragma once

#include <istream>
#include <ostream>
#include <string>

#include "plan/init/draft.h"

namespace portway::app {

// Asks for what the draft does not say yet, one question a line, with a default where there is one
// (an empty answer takes it). An answer that makes no sense is told why and asked again. Stops at
// the end of the input: false.
bool ask_for_draft(std::istream& answers, std::ostream& questions, plan::Draft& draft);

}  // namespace portway::app
