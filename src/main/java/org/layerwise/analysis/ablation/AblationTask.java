package org.layerwise.analysis.ablation;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.loss.ExampleLoss;
import org.layerwise.analysis.loss.LinearProbe;
import org.layerwise.analysis.loss.TaskLoss;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.Labels;
import org.layerwise.data.SeededOrder;
import org.layerwise.data.batch.Batch;
import org.layerwise.data.batch.Batches;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.model.ClassificationHead;
import org.layerwise.model.OutputHead;
import org.layerwise.model.Transformer;
import org.layerwise.model.TransformerModel;
import org.layerwise.model.config.ModelConfig.Head;
import org.layerwise.model.input.ModelInput;
import org.layerwise.model.layer.Linear;
import org.layerwise.tensor.DType;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorOwner;

/**
 * Loss that ablation measures, and the rows that it is measured on. Where a task has no trained head, the loss of a random
 * one would mean nothing; a {@link LinearProbe} on the representations of the unchanged model takes its place, fitted to one
 * half of the rows and measured on the other.
 *
 * @param data rows to measure, as the loss numbers them
 * @param remark one sentence that a reader of the values must know; empty if there is none
 */
public record AblationTask(ExampleLoss loss, TokenizedDataset data, Optional<String> remark) {

    /** Minimum number of rows for a task without a trained head. */
    static final int FEWEST_TO_FIT = 16;

    /**
     * Returns the task that follows from the data's labels: classification or regression with the checkpoint's head or a
     * fitted one; next-token prediction for rows with token labels or without labels.
     *
     * @param transformer the model's transformer, with or without adapters
     * @param position token that stands for a row where a head is fitted
     * @param holder owner of the head's weights
     * @param seed seed by which rows are drawn to fit a head
     * @throws UserException if the labels do not fit the checkpoint's head, the data of an encoder has none, or there are too
     *     few rows to fit a head
     * @throws org.layerwise.base.CancelledException if cancelled
     */
    public static AblationTask of(
            TransformerModel model,
            Transformer transformer,
            TokenizedDataset data,
            Position position,
            TensorOwner holder,
            long seed,
            Progress progress) {
        TaskLoss task = TaskLoss.of(model, data, holder, seed, "Ablation needs");
        return task.trained()
                ? new AblationTask(task.loss(), data, Optional.empty())
                : fitted(model, transformer, data, position, holder, seed, progress);
    }

    /**
     * Returns the task of a trained head, on the classes, numbers or tokens of the data.
     *
     * @throws UserException if the labels do not fit the head, or there are none
     */
    public static AblationTask of(TokenizedDataset data, OutputHead head) {
        return new AblationTask(TaskLoss.of(data, head).loss(), data, Optional.empty());
    }

    private static AblationTask fitted(
            TransformerModel model,
            Transformer transformer,
            TokenizedDataset data,
            Position position,
            TensorOwner holder,
            long seed,
            Progress progress) {
        if (data.size() < FEWEST_TO_FIT) {
            throw new UserException(
                    "%s has no trained head for %s, and %s rows are too few to fit a linear one; use at least %s, or --adapter with a trained head."
                            .formatted(model.checkpoint().name(), data.name(), data.size(), FEWEST_TO_FIT));
        }
        int[] order = SeededOrder.permutation(data.size(), seed);
        int half = data.size() / 2;
        TokenizedDataset known = data.select(Arrays.copyOf(order, half));
        int[] others = Arrays.copyOfRange(order, half, order.length);
        Arrays.sort(others);
        TokenizedDataset measured = data.select(others);
        Head shape = new Head(pooling(position), null, false, false, true);
        Matrix x = representations(model, transformer, known, shape, progress.part(0, 0.5));
        LinearProbe probe = probe(model, x, known.labels(), data.labels(), progress.part(0.5, 1));
        ClassificationHead head = new ClassificationHead(shape, null, null, map(model, probe, holder));
        ExampleLoss loss = measured.labels() instanceof Labels.Classes classes
                ? new ExampleLoss.OfClass(head, classes)
                : new ExampleLoss.OfNumber(head, (Labels.Numbers) measured.labels());
        return new AblationTask(
                loss,
                measured,
                Optional.of(String.format(
                        Locale.ROOT,
                        "%s has no trained head for this task, so ablation measures a linear one on the %s of a row,"
                                + " fitted to %,d rows of the unchanged model (penalty %s), on the other %,d rows.",
                        model.checkpoint().name(),
                        switch (position) {
                            case FIRST -> "first token";
                            case LAST -> "last token";
                            case MEAN -> "mean over the tokens";
                        },
                        half,
                        probe.penalty(),
                        measured.size())));
    }

    private static Head.Pooling pooling(Position position) {
        return switch (position) {
            case FIRST -> Head.Pooling.FIRST;
            case LAST -> Head.Pooling.LAST;
            case MEAN -> Head.Pooling.MEAN;
        };
    }

    private static LinearProbe probe(TransformerModel model, Matrix x, Labels known, Labels all, Progress progress) {
        return known instanceof Labels.Classes classes && all instanceof Labels.Classes ofAll
                ? LinearProbe.ofClasses(model.engine(), x, classes.values(), TaskLoss.outputs(ofAll), progress)
                : LinearProbe.ofNumbers(model.engine(), x, ((Labels.Numbers) known).values(), progress);
    }

    private static Linear map(TransformerModel model, LinearProbe probe, TensorOwner holder) {
        try (Scope scope = model.engine().inference()) {
            Tensor weight = model.engine()
                    .of(probe.weights(), probe.outputs(), model.config().hiddenSize())
                    .cast(DType.F32)
                    .to(model.device());
            Tensor bias = model.engine()
                    .of(probe.bias(), probe.outputs())
                    .cast(DType.F32)
                    .to(model.device());
            return new Linear("probe", holder.adopt(weight.copy()), holder.adopt(bias.copy()), null);
        }
    }

    /** Returns the vectors that stand for the rows after the last layer, {@code [n, hidden]}. */
    private static Matrix representations(
            TransformerModel model, Transformer transformer, TokenizedDataset data, Head shape, Progress progress) {
        int width = model.config().hiddenSize();
        float[] values = new float[Math.multiplyExact(data.size(), width)];
        int done = 0;
        for (Batch batch : Batches.forDevice(data, model.config(), model.device(), transformer.type())) {
            progress.report((double) done / data.size(), "Representing rows to fit a head");
            try (Scope scope = model.engine().inference()) {
                ModelInput input = model.input(batch.tokens());
                float[] vectors = ClassificationHead.pooled(
                                shape.pooling(), transformer.forward(input, progress), input)
                        .cast(DType.F32)
                        .floats();
                int[] rows = batch.rows();
                for (int i = 0; i < rows.length; i++) {
                    System.arraycopy(vectors, i * width, values, rows[i] * width, width);
                }
            }
            done += batch.rows().length;
        }
        return new Matrix(data.size(), width, values);
    }
}
