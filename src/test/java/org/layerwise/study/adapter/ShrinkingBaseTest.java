package org.layerwise.study.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.lora.AdvancedLoraConfig;
import org.layerwise.lora.BaseModel;
import org.layerwise.lora.Bias;
import org.layerwise.lora.LoraConfig;
import org.layerwise.lora.LoraVariant;
import org.layerwise.model.TransformerModel;
import org.layerwise.study.TinyStudy;
import org.layerwise.study.Workbench;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Engines;
import org.layerwise.testing.ChangedFile;
import org.layerwise.testing.Golden;
import org.layerwise.testing.Processes;

/** Files of a base that another program cuts off while it is merged do not end the process. */
@EnabledOnOs(OS.LINUX)
class ShrinkingBaseTest {

    private static final String BASE = "llama_sharded_bf16";

    @TempDir
    private Path folder;

    /** In a process of its own, since the wrong answer is its end. */
    @Test
    void aMergeOutlivesTheFilesOfItsBase() throws IOException, InterruptedException {
        Path base = Files.createDirectory(folder.resolve("base"));
        try (Stream<Path> files = Files.list(Golden.folder(BASE))) {
            for (Path file : files.toList()) {
                Files.copy(file, base.resolve(file.getFileName()));
            }
        }
        writeAdapter(base);
        String said = Processes.output(ShrinkingBaseTest.class, folder);
        assertThat(said).contains("was changed or replaced after it was opened");
        assertThat(folder.resolve("merged")).doesNotExist();
    }

    private void writeAdapter(Path model) {
        try (TransformerModel base =
                TransformerModel.load(Engines.shared(), Checkpoint.open(model), Device.CPU, Progress.none())) {
            LoraConfig config = new LoraConfig(
                    4,
                    8,
                    0,
                    base.defaultTargets(),
                    new TreeSet<>(Set.of(0, 1)),
                    LoraVariant.PLAIN,
                    Bias.NONE,
                    Map.of(),
                    Map.of(),
                    List.of(),
                    AdvancedLoraConfig.DEFAULTS);
            try (AdaptedModel adapted = AdaptedModel.languageModel(base, config, 3)) {
                adapted.toPeft(new BaseModel("base", null)).write(folder.resolve("adapter"));
            }
        }
    }

    /** Merges in a folder, and cuts off the base's files once its weights are loaded. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        List<Path> weights;
        try (Stream<Path> files = Files.list(folder.resolve("base"))) {
            weights = files.filter(file -> file.toString().endsWith(".safetensors"))
                    .toList();
        }
        Progress cuts = new Progress() {
            @Override
            public void report(double fraction, String message) {
                if (fraction > 0.3) {
                    weights.forEach(ChangedFile::cutOff);
                }
            }

            @Override
            public boolean cancelled() {
                return false;
            }
        };
        try (Workbench workbench = TinyStudy.workbench(folder.resolve("home"))) {
            new MergeJob(
                            workbench,
                            folder.resolve("base"),
                            folder.resolve("adapter"),
                            folder.resolve("merged"),
                            Long.MAX_VALUE)
                    .run(cuts);
        } catch (UserException e) {
            System.out.println(e.getMessage());
        }
    }
}
