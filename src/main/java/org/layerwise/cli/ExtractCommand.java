package org.layerwise.cli;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.file.Output;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.setting.Setting;
import org.layerwise.cli.option.ClusterOptions;
import org.layerwise.cli.option.DataOptions;
import org.layerwise.data.LabelUse;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.analysis.ExtractionJob;
import org.layerwise.study.model.ModelUse;
import org.layerwise.study.model.OpenModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code extract}: writes the representations of every layer to a file. */
@Command(
        name = "extract",
        customSynopsis = "layerwise extract --model MODEL --data FILE [OPTIONS] --out FILE.safetensors",
        description =
                "Write what every layer makes of the data: tensors hidden_states.0..M, F32 [rows, hidden size], rows"
                        + " in the data's order.")
final class ExtractCommand extends ModelCommand {

    /** Settings that are flags of the command. */
    private static final List<Setting<?>> FLAGS =
            Setting.join(DataSettings.VALUES, List.of(AnalysisSettings.POSITION), ModelSettings.VALUES);

    @Mixin
    private DataOptions data = new DataOptions();

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "Use the model as this adapter changed it, one that train or HuggingFace PEFT wrote."
                    + " Default: none.")
    private @Nullable Path adapter;

    @Option(names = "--out", paramLabel = "FILE.safetensors", required = true, description = "File to write.")
    private Path out = Path.of("");

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Override
    List<Setting<?>> offered() {
        return FLAGS;
    }

    @Override
    boolean computes() {
        return true;
    }

    @Override
    void run() {
        DataSettings settings = data.settings(given(DataSettings.VALUES));
        model().name();
        Output target = new Output("--out", out);
        model().keep(target);
        data.keep(target, given(DataSettings.VALUES));
        if (adapter != null) {
            target.requireOutside("--adapter", adapter);
        }
        WritablePaths.requireFile(out);
        boolean there = cluster.given();
        cluster.check(context());
        if (there) {
            cluster.requireNoDevice(compute());
        }
        context().run("Extract", (workbench, progress) -> {
            workbench.beginReading(settings, LabelUse.IGNORE);
            try (OpenModel open = open(workbench, there, ModelUse.FORWARD, progress)) {
                ExtractionJob job = new ExtractionJob(
                        workbench,
                        open,
                        settings,
                        given(FLAGS).find(AnalysisSettings.POSITION).orElse(null),
                        adapter);
                Progress rest = progress.part(OPENED, 1);
                ExtractionJob.Result result = there
                        ? job.runOn(cluster.extraction(workbench, open, progress::note), out, rest)
                        : job.run(out, rest);
                progress.noteCut(result.cutRows());
                result.remarks().forEach(progress::note);
            }
        });
        context().say("Wrote " + out);
    }
}
