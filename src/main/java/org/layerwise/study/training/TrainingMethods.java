package org.layerwise.study.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Citation;
import org.layerwise.base.Decimals;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.lora.Bias;
import org.layerwise.lora.EvaInitialisation;
import org.layerwise.lora.Initialisation;
import org.layerwise.lora.LoraConfig;
import org.layerwise.lora.LoraGaInitialisation;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;
import org.layerwise.model.TargetModules;
import org.layerwise.run.SummaryFile;
import org.layerwise.run.TrainingSummary;
import org.layerwise.run.uncertainty.MetricIntervals;
import org.layerwise.selection.LayerList;
import org.layerwise.selection.SavedSelection;
import org.layerwise.settings.BestMetric;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.RunSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.report.MethodsParagraph;
import org.layerwise.study.report.Papers;
import org.layerwise.training.Evaluation;
import org.layerwise.training.LearningRateScheduler;
import org.layerwise.training.OptimiserKind;
import org.layerwise.training.OptimiserSettings;
import org.layerwise.training.TrainerSettings;

/**
 * Paragraph on a training for the methods section of a paper, with the necessary references. All settings that change
 * numbers and differ from their defaults are told. Equal results give equal texts, since the text contains no times and
 * no folders of the machine.
 */
public final class TrainingMethods {

    /** Settings of the optimiser and of the run that have sentences of their own. */
    private static final Set<Setting<?>> TOLD = Set.of(
            OptimiserSettings.LEARNING_RATE,
            OptimiserSettings.OPTIMISER,
            OptimiserSettings.LORA_PLUS_RATIO,
            OptimiserSettings.STEPS,
            OptimiserSettings.EPOCHS,
            OptimiserSettings.SCHEDULER,
            OptimiserSettings.WARMUP_STEPS,
            OptimiserSettings.WARMUP_RATIO,
            OptimiserSettings.WEIGHT_DECAY,
            OptimiserSettings.ACCUMULATE,
            OptimiserSettings.MAX_GRAD_NORM,
            RunSettings.EVALUATE_EVERY,
            RunSettings.KEEP_BEST,
            RunSettings.BEST_METRIC,
            RunSettings.PATIENCE);

    /**
     * Settings of a training.
     *
     * @param values values of {@link TrainingSettings#VALUES}
     */
    public record Recipe(SettingValues values, TrainerSettings.Schedule schedule, TrainerSettings.Grouping batches) {

        /**
         * Returns the recipe of settings.
         *
         * @param count number of rows
         */
        public static Recipe of(DataSettings rows, TrainingSettings settings, int count) {
            TrainerSettings.Grouping grouping = TrainingRequest.grouping(rows, settings);
            return new Recipe(
                    settings.values(),
                    OptimiserSettings.schedule(settings.values(), grouping.stepsPerEpoch(count)),
                    grouping);
        }
    }

    private final TrainingSummary summary;
    private final SummaryFile.Subject subject;
    private final DataSettings rows;
    private final SettingValues values;
    private final TrainerSettings.Schedule schedule;
    private final TrainerSettings.Grouping batches;
    private final @Nullable String layersReason;
    private final MethodsParagraph prose = new MethodsParagraph();

    private TrainingMethods(
            TrainingSummary summary,
            SummaryFile.Subject subject,
            DataSettings rows,
            Recipe recipe,
            @Nullable String layersReason) {
        this.summary = summary;
        this.subject = subject;
        this.rows = rows;
        this.values = recipe.values();
        this.schedule = recipe.schedule();
        this.batches = recipe.batches();
        this.layersReason = layersReason;
    }

    /**
     * Returns the text for a training.
     *
     * @param layersReason reason for the choice of the layers, in words that follow "They were chosen"; null if no
     *     reason is known
     */
    public static String of(
            TrainingSummary summary,
            SummaryFile.Subject subject,
            DataSettings rows,
            Recipe recipe,
            @Nullable String layersReason,
            Map<String, String> versions) {
        return new TrainingMethods(summary, subject, rows, recipe, layersReason).text(versions);
    }

    private String text(Map<String, String> versions) {
        int selected = summary.layers().size();
        String method = method(subject.lora().variant());
        prose.say(
                "%s was fine-tuned with %s on %s.",
                subject.model(),
                method,
                selected == subject.layersOfModel()
                        ? "all %s layers".formatted(selected)
                        : "%s of its %s layers%s, counted from 0: %s"
                                .formatted(
                                        selected,
                                        subject.layersOfModel(),
                                        // the paper selects by a ratio; it has no part in layers chosen otherwise
                                        SavedSelection.byRatio(layersReason) ? " " + prose.cite(Papers.METHOD) : "",
                                        LayerList.format(summary.layers())));
        adapters(subject.lora());
        prose.say(
                "The data were %s of %s (%s)%s.",
                MethodsParagraph.count(subject.samples(), "example"),
                MethodsParagraph.fileName(subject.data()),
                subject.task().id(),
                MethodsParagraph.cut(rows, summary.cutRows()));
        prose.rows(rows);
        optimiser();
        otherSettings();
        evaluation();
        prose.software(versions);
        return prose.text();
    }

    private String method(LoraVariant variant) {
        if (variant.sharded()) {
            return "MiSS " + prose.cite(Papers.MISS);
        }
        List<Citation> sources = new ArrayList<>(List.of(Papers.LORA));
        if (variant.rankStabilised()) {
            sources.add(Papers.RSLORA);
        }
        if (variant.decomposed()) {
            sources.add(Papers.DORA);
        }
        String method = "%s%s %s"
                .formatted(
                        variant.rankStabilised() ? "rank-stabilised " : "",
                        variant.decomposed() ? "DoRA" : "LoRA",
                        prose.cite(sources));
        return values.find(LoraSettings.INIT_ADAPTER).isPresent() ? method : method + initialised(variant, " ");
    }

    /** Returns the part of the weights that the adapters started from, after a separator; empty for random adapters. */
    private String initialised(LoraVariant variant, String before) {
        if (variant.initialisation() instanceof Initialisation.Olora) {
            return before + "initialised by OLoRA " + prose.cite(Papers.OLORA);
        }
        if (variant.initialisation() instanceof Initialisation.Eva) {
            return before
                    + "initialised by EVA %s on %s training rows, with equal ranks"
                            .formatted(prose.cite(Papers.EVA), Math.min(EvaInitialisation.ROWS, subject.samples()));
        }
        if (variant.initialisation() instanceof Initialisation.LoraGa) {
            return before
                    + "initialised by LoRA-GA %s from the gradients on %s training rows"
                            .formatted(
                                    prose.cite(Papers.LORA_GA), Math.min(LoraGaInitialisation.ROWS, subject.samples()));
        }
        if (!(variant.initialisation() instanceof Initialisation.Pissa pissa)) {
            return "";
        }
        String words = before + "initialised by PiSSA " + prose.cite(Papers.PISSA);
        return pissa.iterations().isEmpty()
                ? words
                : words
                        + " with %s of the randomised SVD %s"
                                .formatted(
                                        MethodsParagraph.count(
                                                pissa.iterations().getAsInt(), "iteration"),
                                        prose.cite(Papers.RANDOMISED_SVD));
    }

    /** Returns the modules and weights of experts that got adapters, as the subject of a sentence. */
    private static String adapted(LoraConfig lora) {
        List<String> experts = lora.details().targetParameters().stream()
                .map(name -> name.replaceFirst(".*\\.\\d+\\.", ""))
                .distinct()
                .toList();
        List<String> parts = new ArrayList<>();
        if (!lora.targetModules().isEmpty()) {
            parts.add(
                    SingleModules.of(lora).map(SingleModules::subject).orElseGet(() -> modules(lora.targetModules())));
        }
        if (!experts.isEmpty()) {
            parts.add("experts' weights " + MethodsParagraph.list(experts));
        }
        return "The " + String.join(" and the ", parts);
    }

    private static String size(LoraConfig lora) {
        return "rank %s with ".formatted(lora.rank())
                + (lora.variant().sharded() ? "" : "alpha %s and ".formatted(Decimals.plain(lora.alpha())));
    }

    private void adapters(LoraConfig lora) {
        Optional<SingleModules> single = SingleModules.of(lora);
        prose.say(
                "%s got adapters of %sdropout %s; %d of %d parameters were trained (%s %%), %d of"
                        + " them in the adapters.",
                adapted(lora),
                single.map(words -> words.size() + " and ").orElseGet(() -> size(lora)),
                Decimals.plain(lora.dropout()),
                summary.trainableParameters(),
                summary.totalParameters(),
                MethodsParagraph.result(100.0 * summary.trainableParameters() / summary.totalParameters()),
                summary.adapterParameters());
        List<String> exceptions = new ArrayList<>();
        if (single.isEmpty()) {
            lora.rankPattern().forEach((name, rank) -> exceptions.add("rank %s for %s".formatted(rank, name)));
            lora.alphaPattern()
                    .forEach((name, alpha) -> exceptions.add("alpha %s for %s".formatted(Decimals.plain(alpha), name)));
        }
        lora.details().excluded().forEach(name -> exceptions.add("no adapters for " + name));
        if (!exceptions.isEmpty()) {
            prose.say("Exceptions were %s.", MethodsParagraph.list(exceptions));
        }
        values.find(LoraSettings.INIT_ADAPTER)
                .ifPresent(folder -> prose.say(
                        "The adapters started from those of %s%s.",
                        MethodsParagraph.fileName(folder.toString()), initialised(lora.variant(), ", ")));
        if (lora.bias() != Bias.NONE) {
            prose.say(
                    "%s were also trained.",
                    lora.bias() == Bias.ALL ? "All biases of the model" : "The biases of the modules with adapters");
        }
        if (lora.details().biasOnB()) {
            prose.say("The B matrices had trained biases of their own.");
        }
        // an adapter's file also names the modules that are always trained in full
        List<String> full = values.get(LoraSettings.MODULES_TO_SAVE);
        if (!full.isEmpty()) {
            prose.say("The %s %s trained in full.", modules(full), full.size() == 1 ? "was" : "were");
        }
    }

    private static String modules(List<String> names) {
        if (names.contains(TargetModules.ALL_LINEAR)) {
            return "linear modules of these layers";
        }
        return (names.size() == 1 ? "module " : "modules ") + MethodsParagraph.list(names);
    }

    private void optimiser() {
        boolean warm = schedule.scheduler() != LearningRateScheduler.CONSTANT && schedule.warmupSteps() > 0;
        double clipped = values.get(OptimiserSettings.MAX_GRAD_NORM);
        OptimiserKind optimiser = values.get(OptimiserSettings.OPTIMISER);
        prose.say(
                "It was trained with %s %s for %s%s of %d x %d examples, at a learning rate of %s (%s schedule%s), with"
                        + " weight decay %s, %s, and seed %d.",
                optimiser.title(),
                prose.cite(optimiser.paper()),
                MethodsParagraph.count(summary.steps(), "step"),
                ending(),
                batches.accumulate(),
                batches.rows(),
                Decimals.plain(values.get(OptimiserSettings.LEARNING_RATE)),
                schedule.scheduler().id().replace('_', ' '),
                warm ? ", " + MethodsParagraph.count(schedule.warmupSteps(), "warm-up step") : "",
                Decimals.plain(values.get(OptimiserSettings.WEIGHT_DECAY)),
                clipped > 0 ? "gradients clipped at norm " + Decimals.plain(clipped) : "gradients not clipped",
                values.get(TrainingSettings.SEED));
        values.find(OptimiserSettings.LORA_PLUS_RATIO)
                .filter(ratio -> ratio != 1)
                .ifPresent(ratio -> prose.say(
                        "The learning rate of the B matrices was %s times that of the others, as in LoRA+ %s.",
                        Decimals.plain(ratio), prose.cite(Papers.LORA_PLUS)));
    }

    /** Returns the reason why there were not all steps, in brackets; empty if there were. */
    private String ending() {
        Optional<Integer> patience = values.find(RunSettings.PATIENCE);
        if (summary.stoppedEarly() && patience.isPresent()) {
            return " (stopped early, of %s planned, after %s in a row without a better %s)"
                    .formatted(schedule.steps(), MethodsParagraph.count(patience.get(), "evaluation"), metric());
        }
        return summary.cancelled() ? " (stopped before the last of %s)".formatted(schedule.steps()) : "";
    }

    private String metric() {
        return BestMetric.of(values, rows.preset(), subject.task()).name();
    }

    /** Lists the settings that change numbers, differ from their defaults and have no sentence of their own. */
    private void otherSettings() {
        List<String> others = Setting.join(OptimiserSettings.ALL, RunSettings.ALL).stream()
                .filter(setting -> setting.changesNumbers() && setting.appliesTo(values) && !TOLD.contains(setting))
                .flatMap(setting -> other(setting).stream())
                .toList();
        if (!others.isEmpty()) {
            prose.say(
                    "Of the other settings, %s from the default: %s.",
                    others.size() == 1 ? "one differed" : "these differed", MethodsParagraph.list(others));
        }
    }

    /** Returns the title of a setting with its value in brackets; empty if it has its default. */
    private <T> Optional<String> other(Setting<T> setting) {
        return values.given(setting)
                .filter(value -> !setting.defaultValue().equals(Optional.of(value)))
                .map(value ->
                        "%s (%s)".formatted(setting.title(), (setting.write(value) + " " + setting.unit()).strip()));
    }

    private void evaluation() {
        if (summary.before() != null) {
            prose.say("Before training, on %s.", measured(summary.before(), "validation row"));
        }
        boolean best = summary.after() != null && values.get(RunSettings.KEEP_BEST);
        if (best || values.find(RunSettings.PATIENCE).isPresent()) {
            int every = values.get(RunSettings.EVALUATE_EVERY, batches.stepsPerEpoch(subject.samples()));
            prose.say("The validation rows were evaluated every %s.", every == 1 ? "step" : every + " steps");
        }
        if (best) {
            prose.say("The adapter of step %d was kept, the best by %s.", summary.adapterStep(), metric());
        }
        if (summary.after() != null) {
            prose.say("%s, on %s.", best ? "With it" : "After it", measured(summary.after(), "validation row"));
        }
        if (summary.test() != null) {
            prose.say("On %s.", measured(summary.test(), "test row"));
        }
    }

    private static String value(String metric, double value, Evaluation evaluation) {
        return "%s %s%s"
                .formatted(
                        metric,
                        MethodsParagraph.result(value),
                        MetricIntervals.of(metric, evaluation)
                                .map(interval -> "95 %% interval %s to %s"
                                        .formatted(
                                                MethodsParagraph.result(interval.low()),
                                                MethodsParagraph.result(interval.high())))
                                .or(() -> MetricIntervals.without(metric, evaluation))
                                .map(" (%s)"::formatted)
                                .orElse(""));
    }

    private static String measured(Evaluation evaluation, String row) {
        List<String> values = new ArrayList<>();
        evaluation.metrics().forEach((metric, value) -> values.add(value(metric, value, evaluation)));
        values.add(value(Evaluation.LOSS, evaluation.loss(), evaluation));
        return "%s: %s".formatted(MethodsParagraph.count(evaluation.samples(), row), MethodsParagraph.list(values));
    }
}
