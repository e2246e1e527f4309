package org.layerwise.cli;

import java.nio.file.Path;
import org.layerwise.base.file.Output;
import org.layerwise.study.adapter.AdapterConversion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Command {@code convert-adapter}: converts an adapter of PiSSA or OLoRA to a plain LoRA adapter. */
@Command(
        name = "convert-adapter",
        customSynopsis = "layerwise convert-adapter --adapter DIR --initial DIR --out DIR",
        description =
                "Make a plain LoRA adapter, of twice the rank, of one that was trained by PiSSA or OLoRA: it works on the model as it is,"
                        + " also where the same singular vectors would not be found again.")
final class ConvertAdapterCommand extends LayerwiseCommand {

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            required = true,
            description = "Adapter that was trained with --variant pissa or olora, or by either with HuggingFace PEFT.")
    private Path adapter = Path.of("adapter");

    @Option(
            names = "--initial",
            paramLabel = "DIR",
            required = true,
            description = "The same before its training: adapter-initial in the run folder, or what PEFT saved then.")
    private Path initial = Path.of("adapter-initial");

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Folder to write, which is empty or not there yet.")
    private Path out = Path.of("plain");

    @Override
    void run() {
        new Output("--out", out).requireOutside("--adapter", adapter).requireOutside("--initial", initial);
        context().run("Convert", (workbench, progress) -> {
            int rank = AdapterConversion.run(workbench, adapter, initial, out, progress);
            progress.close(); // the bar would overwrite the result
            context().say("Wrote %s, a plain LoRA adapter of rank %s".formatted(out, rank));
        });
    }
}
