package org.layerwise.study.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.weights.ConditionNumber;
import org.layerwise.analysis.weights.SignalToNoise;
import org.layerwise.analysis.weights.TailExponent;
import org.layerwise.base.Progress;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;
import org.layerwise.tensor.DType;
import org.layerwise.testing.PeakMemory;
import org.layerwise.testing.QuantizedLlama;

/** Measures of weights alone hold one weight in memory, whatever the size of the model. */
@EnabledOnOs(OS.LINUX)
class WeightsMemoryTest {

    private static final int WIDTH = 768;
    private static final int INNER = 2048;
    private static final int LAYERS = 8;

    /** Bytes of the Gram matrix of each weight, in float64. */
    private static final long GRAM = (long) WIDTH * WIDTH * Double.BYTES;

    /** Bytes of the largest weight, in float32. */
    private static final long WEIGHT = (long) WIDTH * INNER * Float.BYTES;

    /**
     * Gram matrices that are in memory at once: the sum, the copy and the work space of the solver, and pieces of rows in float64. For a
     * model of the shape of Llama-2-7B (Gram matrices of 128 MiB, weights of at most 500 MiB in float32) they stay below 2 GB.
     */
    private static final int GRAMS = 8;

    /** Bytes that the JVM itself takes meanwhile. */
    private static final long JVM = 24 << 20;

    @TempDir
    private Path folder;

    private Path model;
    private long values;

    @BeforeEach
    void write() throws Exception {
        model = Files.createDirectory(folder.resolve("model"));
        values = QuantizedLlama.writePlain(model, WIDTH, INNER, LAYERS);
    }

    @Test
    void aScanHoldsOneWeight() throws Exception {
        long peak = PeakMemory.measured(Child.class, "128m", List.of(folder.toString(), model.toString()))[0];

        assertThat(peak)
                .as("anonymous bytes above those before the scan")
                .isBetween(GRAM, GRAMS * GRAM + WEIGHT + JVM)
                .isLessThan(values * DType.BF16.bytes());
    }

    /** The scan in a process of its own; prints how far its anonymous memory rose. */
    static final class Child {

        private Child() {}

        public static void main(String[] args) throws Exception {
            AnalysisSettings settings = AnalysisSettings.defaults()
                    .with(List.of(SignalToNoise.MEASURE, ConditionNumber.MEASURE, TailExponent.MEASURE));
            try (Workbench workbench = TinyStudy.workbench(Path.of(args[0], "home"));
                    OpenModel model = workbench.openModel(args[1], "cpu", Progress.none())) {
                WeightsAnalysis analysis = new WeightsAnalysis(workbench, model, settings, null);
                long peak = PeakMemory.anonymous(() -> analysis.run(Progress.none()));
                System.out.println(peak + " 0");
            }
            System.exit(0); // native threads may live on
        }
    }
}
