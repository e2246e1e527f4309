package org.layerwise.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.NumberReader;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.checkpoint.SafetensorsWriter;
import org.layerwise.lora.PeftAdapter.HostTensor;
import org.layerwise.run.uncertainty.EvaluatedRows;
import org.layerwise.run.uncertainty.RowMetrics;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.TensorEngine;
import org.layerwise.training.Evaluation;
import org.layerwise.training.LossScale;
import org.layerwise.training.OptimiserState;
import org.layerwise.training.TrainerState;

/**
 * Checkpoint of a run in a folder {@code checkpoints/step-N}: {@code state.safetensors} with everything that is trained
 * and the optimiser state in float32, {@code best.safetensors} with the best adapter so far if it is kept, {@code
 * checkpoint.json} with all other values, and a file with the results of each row for the last and the best evaluation.
 *
 * @param state state of the trainer
 * @param place next epoch and batch, and the seed that decides their rows; for readers of the file only, since the step
 *     determines both
 * @param before evaluation before training; null for none
 * @param last last evaluation during training; null for none
 * @param best adapter of the best evaluation; null if there was no evaluation yet
 * @param withoutBetter number of evaluations since the best one
 * @param evaluationDue true if the evaluation after this step was interrupted
 * @param metricsBytes length of {@code metrics.jsonl} at the time of the checkpoint, in bytes
 * @param identity identity of model and data
 */
public record RunCheckpoint(
        TrainerState state,
        Place place,
        @Nullable Evaluation before,
        @Nullable Evaluated last,
        @Nullable BestAdapter best,
        int withoutBetter,
        boolean evaluationDue,
        long metricsBytes,
        RunIdentity identity) {

    private static final String STATE = "state.safetensors";
    private static final String BEST = "best.safetensors";
    private static final String LAST = "last";
    private static final String BEST_ONE = "best";
    private static final String FILE = "checkpoint.json";
    private static final String PREFIX_CACHED = "prefix_cached";
    private static final String WEIGHT = "weight.";

    /** Prefixes of the running means of the optimiser; the second is of squares. */
    private static final List<String> MEANS = List.of("first.", "second.");

    /** Position in the data from which the next rows are read. */
    record Place(int epoch, int batch, long seed) {}

    /**
     * Evaluation with its step.
     *
     * @param step step after which the evaluation took place
     * @param rows results of each row; null if they are not kept
     */
    public record Evaluated(int step, Evaluation evaluation, @Nullable RowMetrics rows) {}

    /** Writes the files into an existing folder. */
    void write(Path folder) {
        List<SafetensorsWriter.Named> tensors = new ArrayList<>();
        add(tensors, WEIGHT, state.weights());
        state.weights().forEach((name, weight) -> {
            List<float[]> means = state.optimiser().means().getOrDefault(name, List.of());
            for (int i = 0; i < means.size(); i++) {
                tensors.add(SafetensorsWriter.Named.of(MEANS.get(i) + name, means.get(i), weight.shape()));
            }
        });
        SafetensorsWriter.write(folder.resolve(STATE), tensors, Map.of("format", "pt"));
        if (best != null && !best.weights().isEmpty()) {
            List<SafetensorsWriter.Named> kept = new ArrayList<>();
            add(kept, WEIGHT, best.weights());
            SafetensorsWriter.write(folder.resolve(BEST), kept, Map.of("format", "pt"));
        }
        Map<String, RowMetrics> rows = new LinkedHashMap<>();
        if (last != null && EvaluatedRows.keeps(last.rows())) {
            rows.put(LAST, last.rows());
        }
        if (best != null && EvaluatedRows.keeps(best.rows())) {
            rows.put(BEST_ONE, best.rows());
        }
        if (!rows.isEmpty()) {
            EvaluatedRows.write(folder.resolve(EvaluatedRows.NAME), rows);
        }
        Json.write(folder.resolve(FILE), json());
    }

    private static void add(List<SafetensorsWriter.Named> tensors, String prefix, Map<String, HostTensor> values) {
        values.forEach((name, tensor) ->
                tensors.add(SafetensorsWriter.Named.of(prefix + name, tensor.values(), tensor.shape())));
    }

    private ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("step", state.step());
        json.put("epoch", place.epoch());
        json.put("batch", place.batch());
        json.put("seed", place.seed());
        json.put("seconds", state.seconds());
        if (Double.isFinite(state.lastLoss())) {
            json.put("last_loss", state.lastLoss());
        }
        json.put(PREFIX_CACHED, state.prefixCached());
        json.put("optimiser_updates", state.optimiser().updates());
        json.put("loss_scale", state.optimiser().lossScale().value());
        json.put("loss_scale_good_updates", state.optimiser().lossScale().goodUpdates());
        json.set("before", SummaryFile.evaluation(before));
        if (last != null) {
            json.put("last_step", last.step());
            json.set(LAST, SummaryFile.evaluation(last.evaluation()));
        }
        if (best != null) {
            json.put("best_step", best.step());
            json.set(BEST_ONE, SummaryFile.evaluation(best.evaluation()));
        }
        json.put("evaluations_without_better", withoutBetter);
        json.put("evaluation_due", evaluationDue);
        json.put("metrics_bytes", metricsBytes);
        json.set("identity", identity.json());
        return json;
    }

    /**
     * Reads a checkpoint from its folder.
     *
     * @throws UserException if a file is missing or broken
     */
    static RunCheckpoint read(Path folder, TensorEngine engine) {
        Path file = folder.resolve(FILE);
        JsonNode json = Json.read(file);
        NumberReader numbers = SummaryFile.numbers(file);
        Map<String, HostTensor> tensors = tensors(folder.resolve(STATE), engine);
        int step = numbers.requiredCount(json, "step");
        TrainerState state = new TrainerState(
                step,
                numbers.amount(json, "seconds"),
                numbers.number(json, "last_loss", Double.NaN),
                named(tensors, WEIGHT),
                new OptimiserState(
                        numbers.requiredCount(json, "optimiser_updates", step), // fewer after overflows
                        means(folder.resolve(STATE), tensors),
                        new LossScale(
                                numbers.factor(json, "loss_scale", LossScale.NONE.value()),
                                numbers.count(json, "loss_scale_good_updates"))),
                json.hasNonNull(PREFIX_CACHED)
                        && numbers.flag(json, PREFIX_CACHED)); // earlier versions have no such key
        Map<String, Evaluation> evaluations = new LinkedHashMap<>();
        for (String name : List.of(LAST, BEST_ONE)) {
            if (json.hasNonNull(name)) {
                evaluations.put(name, SummaryFile.evaluation(json.path(name), numbers));
            }
        }
        Path rowsFile = folder.resolve(EvaluatedRows.NAME);
        Map<String, RowMetrics> rows = Files.exists(rowsFile)
                ? EvaluatedRows.read(rowsFile, evaluations)
                : Map.of(); // a checkpoint of an earlier version has no such file
        return new RunCheckpoint(
                state,
                new Place(numbers.count(json, "epoch"), numbers.count(json, "batch"), numbers.seed(json, "seed", 0)),
                json.hasNonNull("before") ? SummaryFile.evaluation(json.path("before"), numbers) : null,
                evaluations.containsKey(LAST)
                        ? new Evaluated(numbers.requiredCount(json, "last_step"), evaluations.get(LAST), rows.get(LAST))
                        : null,
                evaluations.containsKey(BEST_ONE)
                        ? best(
                                folder,
                                new Evaluated(
                                        numbers.requiredCount(json, "best_step"),
                                        evaluations.get(BEST_ONE),
                                        rows.get(BEST_ONE)),
                                engine)
                        : null,
                numbers.count(json, "evaluations_without_better"),
                numbers.flag(json, "evaluation_due"),
                numbers.size(json, "metrics_bytes"),
                RunIdentity.of(json.path("identity")));
    }

    private static Map<String, List<float[]>> means(Path file, Map<String, HostTensor> tensors) {
        Map<String, List<float[]>> means = new LinkedHashMap<>();
        for (String prefix : MEANS) {
            named(tensors, prefix).forEach((name, mean) -> means.computeIfAbsent(name, of -> new ArrayList<>())
                    .add(mean.values()));
        }
        means.forEach((name, values) -> {
            for (float square : values.size() < MEANS.size() ? new float[0] : values.get(1)) {
                if (!(square >= 0)) {
                    throw edited(file, "the mean square %s of %s".formatted(square, name));
                }
            }
        });
        return means;
    }

    private static UserException edited(Path file, String what) {
        return new UserException(
                "%s holds %s, which train does not write. Put back the file that train wrote.".formatted(file, what));
    }

    private static BestAdapter best(Path folder, Evaluated evaluated, TensorEngine engine) {
        Path file = folder.resolve(BEST);
        Map<String, HostTensor> weights = Files.exists(file) ? named(tensors(file, engine), WEIGHT) : Map.of();
        return new BestAdapter(evaluated.step(), evaluated.evaluation(), weights, evaluated.rows());
    }

    private static Map<String, HostTensor> tensors(Path path, TensorEngine engine) {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        try (SafetensorsFile file = SafetensorsFile.open(path);
                Scope scope = engine.inference()) {
            for (String name : file.names()) {
                long[] shape = file.entry(name).shape();
                DType type = file.entry(name).type();
                if (type != DType.F32) {
                    throw edited(path, "%s in %s".formatted(name, type));
                }
                float[] values = engine.filled(
                                type, DType.F32, Device.CPU, (piece, offset) -> file.read(name, offset, piece), shape)
                        .floats();
                tensors.put(name, new HostTensor(values, shape));
            }
        }
        return tensors;
    }

    private static Map<String, HostTensor> named(Map<String, HostTensor> tensors, String prefix) {
        Map<String, HostTensor> named = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                named.put(name.substring(prefix.length()), tensor);
            }
        });
        return named;
    }
}
