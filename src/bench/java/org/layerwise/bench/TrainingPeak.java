package org.layerwise.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.layerwise.model.TransformerModel;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.PeakMemory;

/**
 * The peak of native memory of a training in a process of its own, as {@link PeakMemory} measures it. Arguments: {@code FOLDER
 * LAYER,LAYER,…}.
 */
final class TrainingPeak {

    private TrainingPeak() {}

    /**
     * Bytes of tensors at the highest.
     *
     * @param beside what the steps need beside the weights
     * @param all with the weights
     */
    record Bytes(long beside, long all) {}

    public static void main(String[] arguments) throws IOException {
        List<Integer> layers =
                Arrays.stream(arguments[1].split(",")).map(Integer::valueOf).toList();
        TensorEngine engine = TensorEngine.start();
        try (TransformerModel model = BenchData.model(engine, Path.of(arguments[0]), Speed.WIDTH, DType.F32);
                TrainingArm arm = new TrainingArm("peak", model, layers, false)) {
            arm.run();
            PeakMemory peak = PeakMemory.start();
            arm.run();
            long weights = model.parameters() * DType.F32.bytes();
            long beside = peak.above();
            System.out.println(beside + " " + (beside + weights));
        }
    }

    /** Measures in a new process. */
    static Bytes of(Path folder, List<Integer> layers) throws IOException, InterruptedException {
        long[] told = PeakMemory.measured(
                TrainingPeak.class,
                "512m",
                List.of(
                        folder.toString(),
                        String.join(",", layers.stream().map(String::valueOf).toList())));
        return new Bytes(told[0], told[1]);
    }
}
