package org.layerwise.study.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Labels;
import org.layerwise.data.Split;
import org.layerwise.data.TextForm;
import org.layerwise.data.prompt.Prompts;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.generation.GeneratedText;
import org.layerwise.generation.GenerationSettings;
import org.layerwise.generation.answer.Answers;
import org.layerwise.generation.answer.CodeProblem;
import org.layerwise.generation.answer.CodeProblems;
import org.layerwise.generation.answer.ExtractedAnswer;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.Workbench;
import org.layerwise.study.model.OpenModel;

/**
 * Measures a decoder, with or without an adapter, by the text that it generates. Answers are compared with the correct
 * ones; code is written to a file for the harness that runs it.
 */
public record BenchmarkJob(Workbench workbench, OpenModel model, BenchmarkSettings settings) {

    /**
     * Generates the answers, measures them, and writes the requested files when all questions are done.
     *
     * @throws UserException if data or adapter do not fit the model, the model is not a decoder, or a row has no
     *     correct answer
     * @throws org.layerwise.base.CancelledException if the progress is cancelled
     */
    public BenchmarkResult run(Progress progress) {
        BenchmarkResult result = benchmark().ofCode() ? write(progress) : compare(progress);
        if (settings.out() != null) {
            Json.write(settings.out(), BenchmarkReport.json(result));
        }
        return result;
    }

    private Benchmark benchmark() {
        return settings.benchmark();
    }

    private BenchmarkResult compare(Progress progress) {
        Answers answers = benchmark().answers();
        DataSettings data = settings.data().withPreset(benchmark().preset());
        LabelUse use = data.label() == null ? LabelUse.IGNORE : LabelUse.AUTO;
        Dataset rows = workbench.read(data, use, Split.VALIDATION, progress.part(0, 0.05));
        List<String> gold = gold(rows, answers, progress);
        Asked asked = ask(settings.form() == PromptForm.PLAIN ? plain(rows) : rows, progress.part(0.05, 1));
        AnswerTally tally = new AnswerTally();
        List<ObjectNode> lines = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            progress.check(); // an answer can take long to find
            String text = asked.text(row);
            Optional<ExtractedAnswer> extracted = answers.extract(text);
            String wanted = gold.get(row);
            boolean correct = extracted
                    .filter(found -> answers.same(found.answer(), wanted))
                    .isPresent();
            tally.add(
                    extracted,
                    correct,
                    rows.labels() instanceof Labels.None ? null : rows.labels().text(row));
            ObjectNode line = Json.object();
            line.put("row", rows.number(row));
            line.put("prompt", shown(rows, row));
            line.put("generated", text);
            line.put("extracted", extracted.map(ExtractedAnswer::answer).orElse(null));
            line.put("found_by", extracted.map(found -> found.found().id()).orElse(null));
            line.put("gold", wanted);
            line.put("correct", correct);
            line.put("ended_by", asked.generated.get(row).reason().name().toLowerCase(Locale.ROOT));
            lines.add(line);
        }
        if (settings.predictions() != null) {
            Json.writeLines(settings.predictions(), lines.stream());
        }
        return tally.result(benchmark(), asked.cutRows, asked.atLimit());
    }

    private BenchmarkResult write(Progress progress) {
        DataSettings data = settings.data();
        // without a number of samples all problems are read, since a harness judges all of them or none
        Integer wanted = data.samples() != null && data.samples() == DataSettings.ALL ? null : data.samples();
        List<CodeProblem> problems =
                CodeProblems.read(Path.of(data.data()), benchmark().code(), wanted);
        List<String> prompts = problems.stream()
                .map(problem -> settings.form() == PromptForm.PLAIN
                        ? benchmark().code().continuation(problem)
                        : Prompts.instruction(benchmark().code().instruction(problem)))
                .toList();
        Dataset rows =
                Dataset.ofTexts(benchmark().id(), data.data(), List.of("prompt"), prompts, null, new Labels.None());
        Asked asked = ask(rows, progress);
        int empty = 0;
        List<ObjectNode> lines = new ArrayList<>();
        for (int row = 0; row < problems.size(); row++) {
            String code = benchmark().code().code(problems.get(row), asked.text(row));
            empty += code.isBlank() ? 1 : 0;
            lines.add(benchmark().code().sample(problems.get(row), code));
        }
        if (settings.predictions() != null) {
            Json.writeLines(settings.predictions(), lines.stream());
        }
        return new BenchmarkResult.Written(benchmark(), problems.size(), empty, asked.cutRows, asked.atLimit());
    }

    /**
     * Answers of the model.
     *
     * @param generated generated text of each row
     * @param cutRows number of prompts that were truncated
     */
    private record Asked(List<GeneratedText> generated, int cutRows) {

        String text(int row) {
            return Objects.requireNonNull(generated.get(row).text(), "prompts of text have a tokenizer");
        }

        int atLimit() {
            return (int) generated.stream()
                    .filter(one -> one.reason() == GeneratedText.Reason.LENGTH)
                    .count();
        }
    }

    private Asked ask(Dataset rows, Progress progress) {
        GenerationSettings generation = settings.generation();
        List<String> stops = new ArrayList<>(benchmark().stops(settings.form()));
        stops.addAll(generation.stopStrings());
        try (LanguageModel language = LanguageModel.open(workbench, model, settings.adapter(), progress.part(0, 0))) {
            TokenizedDataset prompts =
                    model.prompts(rows, settings.data(), generation.maxNewTokens(), progress.part(0, 0.05));
            List<GeneratedText> generated = language.generate(
                    prompts, generation.withStops(stops), settings.data().batch(), progress.part(0.05, 1));
            model.requireUnchanged();
            return new Asked(generated, prompts.cutRows());
        }
    }

    private Dataset plain(Dataset rows) {
        return rows.withTexts(rows.texts().stream().map(benchmark()::plain).toList());
    }

    /** Returns a question as it was asked; for a question with an image, only the text. */
    private String shown(Dataset rows, int row) {
        String text = rows.texts().get(row);
        if (settings.form() == PromptForm.PLAIN) {
            return benchmark().plain(text);
        }
        return rows.form() == TextForm.INSTRUCTION ? Prompts.instruction(text) : text;
    }

    private List<String> gold(Dataset rows, Answers answers, Progress progress) {
        List<String> solutions = Objects.requireNonNull(rows.secondTexts(), "the questions have no answers");
        List<String> gold = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            progress.check();
            int at = row;
            gold.add(answers.gold(solutions.get(row))
                    .orElseThrow(() -> new UserException(
                            "%s has no answer as the solutions of %s give it; mend it, or name the columns of question and answer with --text."
                                    .formatted(
                                            rows.placeAtStart(at), benchmark().title()))));
        }
        return gold;
    }
}
