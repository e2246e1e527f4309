package org.layerwise.study.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.settings.ComputeType;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;

/** Weights are packed for work that suits it, and representations stay the same to the rounding of bfloat16. */
class ModelUseTest {

    @TempDir
    private Path folder;

    private Workbench workbench;

    @BeforeEach
    void open() {
        workbench = TinyStudy.workbench(folder.resolve("home"));
        assumeTrue(workbench.engine().packs(Device.CPU, DType.BF16), "this processor does not pack bfloat16");
    }

    @AfterEach
    void close() {
        workbench.close();
    }

    @Test
    void weightsArePackedByUseAndType() {
        assertThat(packs(ModelUse.ANY, ComputeType.F32)).isFalse();
        assertThat(packs(ModelUse.ANY, ComputeType.BF16)).isFalse();
        assertThat(packs(ModelUse.FORWARD, ComputeType.F32)).isFalse();
        assertThat(packs(ModelUse.FORWARD, ComputeType.BF16)).isTrue();
        assertThat(packs(ModelUse.GENERATION, ComputeType.F32)).isTrue();
        assertThat(packs(ModelUse.GENERATION, ComputeType.BF16)).isTrue();
    }

    @Test
    void packedRepresentationsAreAsNearToFloat32AsPlainOnes() {
        Representations exact = representations(ModelUse.ANY, ComputeType.F32);
        double plain = distance(representations(ModelUse.ANY, ComputeType.BF16), exact);
        assertThat(plain).isPositive();
        assertThat(distance(representations(ModelUse.FORWARD, ComputeType.BF16), exact))
                .isBetween(plain / 1.5, 1.5 * plain);
    }

    private boolean packs(ModelUse use, ComputeType type) {
        try (OpenModel model = model(use, type)) {
            Set<Boolean> packed = model.model().transformer().linears().stream()
                    .map(linear -> linear.weight().packed().isPresent())
                    .collect(Collectors.toSet());
            assertThat(packed).hasSize(1);
            return packed.contains(true);
        }
    }

    private Representations representations(ModelUse use, ComputeType type) {
        try (OpenModel model = model(use, type)) {
            DataSettings data = DataSettings.of(TinyStudy.classes(folder).toString());
            return TinyStudy.represent(model, TinyStudy.tokens(workbench, model, data), Position.FIRST);
        }
    }

    private OpenModel model(ModelUse use, ComputeType type) {
        return workbench.openModel(
                ModelSettings.of(TinyStudy.MODEL).onDevice("cpu").withType(type),
                new PauseSwitch(),
                ModelListener.none(),
                use,
                Progress.none());
    }

    /** Returns the Euclidean distance of the representations of all layers. */
    private static double distance(Representations some, Representations others) {
        double sum = 0;
        for (int layer = 0; layer < others.layers().size(); layer++) {
            float[] values = some.layers().get(layer).values();
            float[] expected = others.layers().get(layer).values();
            assertThat(values).hasSameSizeAs(expected);
            for (int i = 0; i < expected.length; i++) {
                sum += Math.pow((double) values[i] - expected[i], 2);
            }
        }
        return Math.sqrt(sum);
    }
}
