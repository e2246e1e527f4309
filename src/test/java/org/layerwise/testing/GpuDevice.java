package org.layerwise.testing;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;

/** The device that {@link GpuTest}s run on, and whether it is there. */
public final class GpuDevice implements ExecutionCondition {

    /** The first card, unless the tests are rehearsed elsewhere. */
    public static Device device() {
        return System.getProperty("layerwise.gpu.device", "").equals("cpu") ? Device.CPU : Device.cuda(0);
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return Engines.shared().devices().contains(device())
                ? ConditionEvaluationResult.enabled("there is " + device())
                : ConditionEvaluationResult.disabled("skipped: no CUDA device");
    }
}
