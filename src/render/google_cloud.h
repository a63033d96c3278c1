#pragma once

#include <string_view>

#include "base/result.h"
#include "plan/deployment.h"
#include "render/targets.h"

namespace portway::render {

// What must hold before files for Google Cloud can be rendered. Errors are the operator's and name
// the field of portway.yaml; "no_files" without a cloud block.

// That there is a cloud, and that it is Google's. `target` is named in the message.
Result<void> check_google_cloud(const RenderInput& input, std::string_view target);

// That the service can be made and reached: consumers, names that Google takes and that do not
// stand for two things, and for port mapping a VM with a place for every broker.
Result<void> check_exposure(const RenderInput& input, const plan::Exposure& exposure);
Result<void> check_names(const RenderInput& input);

}  // namespace portway::render
