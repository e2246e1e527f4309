package org.layerwise.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.file.Output;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.setting.Setting;
import org.layerwise.cli.option.DataOptions;
import org.layerwise.cli.option.ExclusiveOptions;
import org.layerwise.cli.option.FreeText;
import org.layerwise.generation.GenerationSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.study.evaluation.GenerationJob;
import org.layerwise.study.model.ModelUse;
import org.layerwise.study.model.OpenModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code generate}: generates text with a decoder, as JSON lines. */
@Command(
        name = "generate",
        customSynopsis =
                "layerwise generate --model MODEL [--adapter DIR] (--prompt TEXT | --data FILE) --out FILE.jsonl [OPTIONS]",
        description =
                "Let a decoder, with or without an adapter, go on with a text or with rows of texts or token ids, and write a"
                        + " line of JSON a row: input_ids, tokens (the new ones without the end of the sequence), and text where"
                        + " there is a tokenizer. With --preset instruction, chat or scienceqa it is given what comes before the"
                        + " answer.")
final class GenerateCommand extends ModelCommand {

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "Adapter that train wrote, or one of HuggingFace PEFT. Default: none.")
    private @Nullable Path adapter;

    @FreeText
    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            description = "Instead of --data, one text, given to the model as it is.")
    private @Nullable String prompt;

    @Mixin
    private DataOptions data = new DataOptions();

    @FreeText
    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "Stop a row where its new text holds this, and cut it there; may be given several times."
                    + " Default: none.")
    private List<String> stops = new ArrayList<>();

    @Option(
            names = "--out",
            paramLabel = "FILE.jsonl",
            required = true,
            description = "File to write, a line a row in the order of the data.")
    private Path out = Path.of("generated.jsonl");

    @Override
    List<Setting<?>> offered() {
        return Setting.join(DataSettings.VALUES, GenerationSettings.VALUES, ModelSettings.VALUES);
    }

    @Override
    List<ExclusiveOptions> rivals() {
        return List.of(new ExclusiveOptions(List.of(
                Set.of("--prompt"),
                Set.of("--data", "--text", "--label", "--image", "--preset", "--samples", "--sampling"))));
    }

    @Override
    boolean computes() {
        return true;
    }

    @Override
    void run() {
        GenerationSettings settings = settings();
        GenerationJob.Source source = source();
        model().name();
        Output target = new Output("--out", out);
        model().keep(target);
        data.keep(target, given(DataSettings.VALUES));
        if (adapter != null) {
            target.requireOutside("--adapter", adapter);
        }
        WritablePaths.requireFile(out);
        context().run("Generate", (workbench, progress) -> {
            try (OpenModel open = open(workbench, false, ModelUse.GENERATION, progress)) {
                if (given(GenerationSettings.VALUES)
                                .given(GenerationSettings.TOP_P)
                                .isPresent()
                        && settings.greedy()) {
                    progress.note("--top-p has no effect without a --temperature above 0.");
                }
                GenerationJob.Result result = new GenerationJob(workbench, open, adapter, source, settings)
                        .run(out, progress.part(OPENED, 1));
                progress.noteCut(result.cutRows());
                if (result.foundPairs()) {
                    progress.note(
                            "Went on behind both texts of each row; --text names one column, and --preset instruction"
                                    + " gives a question without its answer.");
                }
                if (source instanceof GenerationJob.Source.Rows rows
                        && rows.data().samples() == null
                        && result.generated().size() == DataSettings.DEFAULT_SAMPLES) {
                    progress.note(
                            "Took the first %s rows; --samples takes more.".formatted(DataSettings.DEFAULT_SAMPLES));
                }
            }
        });
        context().say("Wrote " + out);
    }

    private GenerationSettings settings() {
        return new GenerationSettings(
                given(GenerationSettings.VALUES), GenerationSettings.DEFAULT_MAX_NEW_TOKENS, stops);
    }

    private GenerationJob.Source source() {
        if (prompt != null) {
            return new GenerationJob.Source.Prompt(prompt);
        }
        if (!data.given()) {
            throw new UserException("Nothing is there to go on with; give --prompt TEXT or --data FILE.");
        }
        DataSettings rows = data.settings(given(DataSettings.VALUES));
        if (!rows.compatibility().isEmpty()) {
            throw new UserException("--compat is for what the reference implementation measures; leave it out.");
        }
        // a truncated prompt would ask a different question
        return new GenerationJob.Source.Rows(rows.withDefaultMaxLength(Integer.MAX_VALUE));
    }
}
