package org.layerwise.study.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Statistics;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.NumberReader;
import org.layerwise.lora.BaseModel;
import org.layerwise.lora.LoraConfig;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.run.MetricsLog;
import org.layerwise.run.Run;
import org.layerwise.run.RunEvents;
import org.layerwise.run.RunFileNames;
import org.layerwise.run.RunHistory;
import org.layerwise.run.SummaryFile;
import org.layerwise.run.TrainingSummary;
import org.layerwise.settings.Configuration;
import org.layerwise.settings.RunSettings;
import org.layerwise.study.model.ClassNames;
import org.layerwise.study.model.ModelOrigin;
import org.layerwise.study.model.Versions;
import org.layerwise.study.report.AdapterCard;
import org.layerwise.study.training.TrainingMethods;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.training.Evaluation;
import org.layerwise.training.StepRecord;
import org.layerwise.training.TaskKind;

/**
 * Results of a run on a cluster, after its files were fetched.
 *
 * @param out folder of the run
 * @param place name of the cluster
 * @param total number of planned steps
 * @param ending final message of the program on the cluster
 */
record RemoteRunResult(Path out, String place, int total, RunEnding ending) {

    static final String EVALUATION = "eval";

    /** Writes {@code summary.json}, {@code methods.txt} and, if requested, the event files for TensorBoard. */
    TrainingSummary summarise(TensorEngine engine) {
        JsonNode plan = Json.read(out.resolve(TrainingExport.PLAN));
        NumberReader numbers = numbers();
        Run run = Run.open(out);
        RunHistory history = RunHistory.read(out.resolve(MetricsLog.NAME), total);
        requireConsecutive(history);
        requirePlannedRates(history, plan);
        SortedSet<Integer> layers = new TreeSet<>(run.layers());
        int steps = history.steps().size();
        // the adapter that was kept may be from an earlier step
        int kept = numbers.flag(plan, "keep_best") ? ending.kept().orElse(steps) : steps;
        List<Double> seconds = history.stepSeconds();
        TrainingSummary summary = new TrainingSummary(
                out,
                !ending.finished(),
                ending.early(),
                steps,
                kept,
                numbers.count(plan, "cut_rows"),
                layers,
                numbers.size(plan, "adapter_parameters"),
                numbers.size(plan, "trainable_parameters"),
                numbers.size(plan, "total_parameters"),
                evaluation(history, EVALUATION, 0),
                evaluation(history, EVALUATION, kept),
                evaluation(history, "test", steps),
                steps == 0 ? Double.NaN : history.steps().get(steps - 1).loss(),
                steps == 0 ? 0 : history.steps().get(steps - 1).seconds(),
                seconds.isEmpty() ? 0 : Statistics.median(seconds),
                history.steps().stream()
                        .mapToLong(step -> step.memoryBytes())
                        .max()
                        .orElse(0));
        Configuration began = run.configuration();
        List<String> targets = began.training().adapter().targetModules();
        Path adapter = out.resolve(RunFileNames.ADAPTER);
        PeftAdapter fetched = PeftAdapter.read(adapter, engine);
        PlannedAdapter.require(plan, fetched, place);
        fetched.requireFinite();
        ClassNames.write(adapter, classNames(plan));
        LoraConfig lora = fetched.config().ordered(targets == null ? List.of() : targets);
        SummaryFile.Subject subject = new SummaryFile.Subject(
                run.model(),
                run.data(),
                TaskKind.of(run.task()).orElseThrow(),
                numbers.count(plan, "samples"),
                run.of(),
                lora);
        Map<String, String> versions = versions();
        String methods = TrainingMethods.of(
                summary,
                subject,
                began.rows(),
                TrainingMethods.Recipe.of(began.rows(), began.training(), subject.samples()),
                run.layersReason(),
                versions);
        AtomicFiles.writeString(out.resolve(RunFileNames.METHODS), methods);
        BaseModel base = fetched.base();
        if (base != null) {
            // replaces PEFT's model card, which names folders of the cluster
            card(ModelOrigin.of(base), plan, subject, summary, versions, run.layersReason(), methods)
                    .write(adapter);
        }
        SummaryFile.write(summary, subject, null, versions);
        if (began.training().get(RunSettings.REPORT_TO) == RunSettings.Report.TENSORBOARD) {
            RunEvents.begin(out, run.config(), history).close();
        }
        return summary;
    }

    /**
     * Checks that the steps are consecutive from the first on, that a training that reports completion has all steps,
     * and that the adapter belongs to one of the steps.
     */
    private void requireConsecutive(RunHistory history) {
        List<StepRecord> steps = history.steps();
        int taken = steps.size();
        boolean inOrder = IntStream.range(0, taken).allMatch(i -> steps.get(i).step() == i + 1);
        boolean whole = !ending.finished() || ending.early() || taken == total;
        if (!inOrder || taken > total || !whole) {
            throw unplanned(
                    "has %s steps, not the %s steps that were planned, one after the other".formatted(taken, total));
        }
        if (ending.kept().orElse(0) > taken) {
            throw new UserException(
                    "%s says that it has kept the adapter of step %s, but the run in %s has taken %s steps; see the job's log, and start the training anew into another folder."
                            .formatted(place, ending.kept().getAsInt(), out, taken));
        }
    }

    /**
     * Checks that the steps have the planned learning rates, and losses and gradients with which a job continues: it
     * fails at the first one that is not finite, before the step is written.
     */
    private void requirePlannedRates(RunHistory history, JsonNode plan) {
        NumberReader numbers = numbers();
        JsonNode rates = plan.path(TrainingExport.LEARNING_RATES);
        for (StepRecord step : history.steps()) {
            if (!Double.isFinite(step.loss()) || !Double.isFinite(step.gradNorm())) {
                throw unplanned("has a loss of %s and a gradient norm of %s in step %s, at which a job fails"
                        .formatted(step.loss(), step.gradNorm(), step.step()));
            }
            double planned = numbers.finite(rates.path(step.step() - 1), TrainingExport.LEARNING_RATES);
            // a program may keep its rates in float32
            if (!(Math.abs(step.learningRate() - planned) <= Math.ulp(1f) * Math.abs(planned))) {
                throw unplanned("has a learning rate of %s in step %s, not the planned %s"
                        .formatted(step.learningRate(), step.step(), planned));
            }
        }
    }

    private UserException unplanned(String how) {
        return new UserException(
                "%s in %s, as fetched from %s, %s; see the job's log, and start the training anew into another folder."
                        .formatted(MetricsLog.NAME, out, place, how));
    }

    private NumberReader numbers() {
        return new NumberReader(out.resolve(TrainingExport.PLAN), "Somebody has changed the file; train anew.");
    }

    private AdapterCard card(
            ModelOrigin base,
            JsonNode plan,
            SummaryFile.Subject subject,
            TrainingSummary summary,
            Map<String, String> versions,
            @Nullable String reason,
            String methods) {
        NumberReader numbers = numbers();
        return new AdapterCard(
                base,
                null,
                new AdapterCard.Use(
                        subject.task(),
                        numbers.count(plan, "outputs"),
                        classNames(plan),
                        numbers.flag(plan, "vision"),
                        true,
                        subject.lora().variant(),
                        false),
                summary.layers(),
                subject.layersOfModel(),
                reason,
                summary.results(),
                versions,
                methods);
    }

    private static List<String> classNames(JsonNode plan) {
        List<String> names = new ArrayList<>();
        plan.path("class_names").forEach(name -> names.add(name.asText()));
        return names;
    }

    /** Returns the version of Layerwise on this computer and the versions of the software on the cluster. */
    private Map<String, String> versions() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("layerwise", Versions.layerwise());
        versions.put("remote", place);
        ending.versions().forEach(versions::putIfAbsent);
        return versions;
    }

    private static @Nullable Evaluation evaluation(RunHistory history, String prefix, int step) {
        return history.evaluations().stream()
                .filter(one -> one.prefix().equals(prefix) && one.step() == step)
                .map(RunHistory.Evaluated::evaluation)
                .reduce((first, second) -> second)
                .orElse(null);
    }
}
