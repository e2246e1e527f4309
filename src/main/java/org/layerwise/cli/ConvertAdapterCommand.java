package org.layerwise.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.file.Output;
import org.layerwise.study.adapter.AdapterConversion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Command {@code convert-adapter}: converts an adapter of PiSSA, OLoRA or MiSS to a plain LoRA adapter. */
@Command(
        name = "convert-adapter",
        customSynopsis = {
            "layerwise convert-adapter --adapter DIR --initial DIR --out DIR",
            "layerwise convert-adapter --adapter DIR --model MODEL --out DIR"
        },
        description =
                "Make a plain LoRA adapter, of twice the rank, of one that was trained by PiSSA or OLoRA: it works on"
                        + " the model as it is, also where the same singular vectors would not be found again. Of an"
                        + " adapter of MiSS, make the same as plain LoRA of its rank.")
final class ConvertAdapterCommand extends LayerwiseCommand {

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            required = true,
            description =
                    "Adapter that was trained with --variant pissa, olora or miss, or by one of them with HuggingFace"
                            + " PEFT.")
    private Path adapter = Path.of("adapter");

    @Option(
            names = "--initial",
            paramLabel = "DIR",
            description =
                    "The same before its training, for PiSSA and OLoRA: adapter-initial in the run folder, or what"
                            + " PEFT saved then. Default: none.")
    private @Nullable Path initial;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "Base model of an adapter of MiSS, of which the description alone is read. Default: none.")
    private @Nullable String model;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Folder to write, which is empty or not there yet.")
    private Path out = Path.of("plain");

    @Override
    void run() {
        Output target = new Output("--out", out).requireOutside("--adapter", adapter);
        if (initial != null) {
            target.requireOutside("--initial", initial);
        }
        context().run("Convert", (workbench, progress) -> {
            int rank = AdapterConversion.run(workbench, adapter, initial, model, out, progress);
            progress.close(); // the bar would overwrite the result
            context().say("Wrote %s, a plain LoRA adapter of rank %s".formatted(out, rank));
        });
    }
}
