package org.layerwise.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.testing.ChangedFile;
import org.layerwise.testing.Golden;
import org.layerwise.testing.Processes;

/** A file of weights that another program cuts off or writes neither ends the process nor changes what is computed. */
@EnabledOnOs(OS.LINUX)
class ShrinkingWeightsTest {

    private static final String REFUSAL =
            "%s was changed or replaced after it was opened; start again when it is complete.";
    private static final TensorEngine ENGINE = TensorEngine.start();

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void copy() throws IOException {
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(Golden.folder("bert").resolve(name), folder.resolve(name));
        }
        file = folder.resolve("model.safetensors");
    }

    /** In a process of its own, since the wrong answer is its end. */
    @Test
    void loadedWeightsOutliveTheirFile() throws IOException, InterruptedException {
        String said = Processes.output(ShrinkingWeightsTest.class, folder);
        assertThat(said).contains("unchanged");
    }

    /** Loads the model of a folder, cuts off its file, and compares what it computes. */
    public static void main(String[] args) {
        Path folder = Path.of(args[0]);
        try (TransformerModel model =
                        TransformerModel.load(ENGINE, Checkpoint.open(folder), Device.CPU, Progress.none());
                Scope scope = ENGINE.inference()) {
            double before = sum(model);
            ChangedFile.cutOff(folder.resolve("model.safetensors"));
            System.out.println(sum(model) == before && before > 0 ? "unchanged" : "changed");
        }
    }

    @Test
    void loadedWeightsDoNotChangeWithTheirFile() {
        try (TransformerModel model =
                        TransformerModel.load(ENGINE, Checkpoint.open(folder), Device.CPU, Progress.none());
                Scope scope = ENGINE.inference()) {
            double before = sum(model);
            ChangedFile.overwriteEnd(file);
            assertThat(sum(model)).isEqualTo(before).isPositive();
        }
    }

    @Test
    void aFileThatWasCutOffIsRefused() {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            ChangedFile.cutOff(file);
            requireRefused(checkpoint);
        }
    }

    @Test
    void aFileThatWasWrittenIsRefused() {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            ChangedFile.overwriteEnd(file);
            requireRefused(checkpoint);
        }
    }

    @Test
    void aFileThatWasReplacedIsRefused() throws IOException {
        Path other = folder.resolve("other");
        Files.copy(file, other, StandardCopyOption.COPY_ATTRIBUTES);
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
            requireRefused(checkpoint);
        }
    }

    private void requireRefused(Checkpoint checkpoint) {
        ModelBlueprint blueprint = ModelBlueprint.read(ENGINE, checkpoint);
        String refusal = REFUSAL.formatted(file);
        assertThatThrownBy(() -> TransformerModel.load(ENGINE, blueprint, Device.CPU, DType.F32, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessage(refusal);
        assertThatThrownBy(() -> TransformerModel.loadMapped(ENGINE, blueprint, Device.CPU, DType.F32, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessage(refusal);
        for (LayerStream stream : List.of(
                new LayerStream(ENGINE, blueprint, Device.CPU, DType.F32),
                LayerStream.mapped(ENGINE, blueprint, DType.F32))) {
            assertThatThrownBy(() -> stream.layer(0, Progress.none()))
                    .isInstanceOf(UserException.class)
                    .hasMessage(refusal);
        }
    }

    /** Reads all weights by native code, as a computation does. */
    private static double sum(TransformerModel model) {
        double sum = 0;
        for (Tensor tensor : model.tensors().values()) {
            sum += tensor.norm().floats()[0];
        }
        return sum;
    }
}
