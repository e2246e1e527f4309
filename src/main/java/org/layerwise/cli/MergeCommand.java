package org.layerwise.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.ByteSize;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Output;
import org.layerwise.study.adapter.MergeJob;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Command {@code merge}: merges an adapter into the weights of a model, and writes it as a HuggingFace folder. */
@Command(
        name = "merge",
        customSynopsis = "layerwise merge --model MODEL --adapter DIR --out DIR [OPTIONS]",
        description =
                "Write a model whose weights hold an adapter, as a HuggingFace folder that works without PEFT: weights in the"
                        + " type of the base, the head of the adapter's task, config.json and the tokenizer.")
final class MergeCommand extends ModelCommand {

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            required = true,
            description = "Adapter that train wrote, or one of HuggingFace PEFT.")
    private Path adapter = Path.of("adapter");

    @Option(
            names = "--shard-size",
            paramLabel = "SIZE",
            description = "The largest file of weights, such as 5GB or 500MB; a larger model is split. Default: 5GB.")
    private @Nullable String shardSize;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Folder to write, which is empty or not there yet.")
    private Path out = Path.of("merged");

    @Override
    boolean computes() {
        return true;
    }

    @Override
    void run() {
        String name = model().name();
        long shardBytes = shardBytes();
        Output target = new Output("--out", out);
        model().keep(target);
        target.requireOutside("--adapter", adapter);
        context().run("Merge", (workbench, progress) -> {
            Path folder = context()
                    .keepingDownload(
                            name, () -> workbench.modelFolder(name, new PauseSwitch(), progress.part(0, OPENED)));
            MergeJob.Result result =
                    new MergeJob(workbench, folder, adapter, out, shardBytes).run(progress.part(OPENED, 1));
            progress.close(); // the bar would overwrite the result
            result.remark().ifPresent(progress::note);
            context()
                    .say("Merged %s %s into %s: %s in %s %s"
                            .formatted(
                                    result.modules(),
                                    result.modules() == 1 ? "module" : "modules",
                                    result.folder(),
                                    ByteSize.of(result.bytes()),
                                    result.files(),
                                    result.files() == 1 ? "file" : "files"));
        });
    }

    private long shardBytes() {
        return shardSize == null
                ? MergeJob.DEFAULT_SHARD_BYTES
                : ByteSize.parse(shardSize)
                        .orElseThrow(() -> new UserException(
                                "--shard-size \"%s\" is no size; write a number with a unit, like 5GB or 500MB."
                                        .formatted(shardSize)));
    }
}
