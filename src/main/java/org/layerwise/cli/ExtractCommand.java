package org.layerwise.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Position;
import org.layerwise.base.WholeFiles;
import org.layerwise.study.DataSettings;
import org.layerwise.study.ExtractionJob;
import org.layerwise.study.OpenModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code extract}: the representations of every layer as a file. */
@Command(
        name = "extract",
        customSynopsis = "layerwise extract --model DIR --data FILE [OPTIONS] --out FILE.safetensors",
        description =
                "Write what every layer makes of the data: tensors hidden_states.0..M, F32 [rows, hidden size], rows"
                        + " in the data's order.")
final class ExtractCommand extends LayerwiseCommand {

    private final CommandContext context;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DataOptions data;

    @Option(
            names = "--position",
            paramLabel = "first|last|mean",
            description = "Which token stands for a row. Default: first for encoders, last for decoders.")
    private @Nullable Position position;

    @Option(names = "--out", paramLabel = "FILE.safetensors", required = true, description = "File to write.")
    private Path out;

    @Mixin
    private DeviceOption device;

    ExtractCommand(CommandContext context) {
        this.context = context;
        this.model = new ModelOptions();
        this.data = new DataOptions();
        this.device = new DeviceOption();
        this.out = Path.of("");
    }

    @Override
    void run() {
        DataSettings settings = data.settings();
        model.model();
        device.device();
        WholeFiles.requireWritableFile(out);
        context.run("Extract", (workbench, progress) -> {
            try (OpenModel open = model.open(workbench, device, progress.part(0, 0.1))) {
                int cut = new ExtractionJob(workbench, open, settings, position).run(out, progress.part(0.1, 1));
                progress.noteCut(cut);
            }
        });
        context.say("Wrote " + out);
    }
}
