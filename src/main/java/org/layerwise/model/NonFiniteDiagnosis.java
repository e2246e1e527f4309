package org.layerwise.model;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.layerwise.base.UserException;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.tensor.Scope;
import org.layerwise.tensor.Tensor;
import org.layerwise.tensor.TensorEngine;

/**
 * Explains results that are NaN or infinite: finds the layer from which they come, and the weight if one holds such
 * numbers. The search starts only after a result shows such numbers, so it costs nothing otherwise.
 */
public final class NonFiniteDiagnosis {

    private static final int NOWHERE = -1;
    private static final String ANOTHER = "download or save the model again, or take another";

    private NonFiniteDiagnosis() {}

    /**
     * Refuses weights that hold NaN or infinite numbers; takes one reduction per tensor.
     *
     * @throws UserException if there are such weights; the message names the first of them
     */
    public static void requireWeights(TransformerModel model) {
        weight(model).ifPresent(name -> {
            throw new UserException("The weight %s of %s holds NaN or infinite numbers; %s."
                    .formatted(name, model.checkpoint().folder(), ANOTHER));
        });
    }

    /** Returns the name of the first weight that holds NaN or infinite numbers. */
    public static Optional<String> weight(TransformerModel model) {
        try (Scope scope = model.engine().inference()) {
            return model.tensorNames().stream()
                    .filter(name -> !finite(model, name))
                    .findFirst();
        }
    }

    private static boolean finite(TransformerModel model, String name) {
        try (Scope scope = model.engine().scope()) {
            return finite(model.engine(), model.tensor(name));
        }
    }

    private static boolean finite(TensorEngine engine, Tensor tensor) {
        try (Scope scope = engine.scope()) {
            return Double.isFinite(tensor.abs().max().item());
        }
    }

    /**
     * Returns the exception for a row whose results are NaN or infinite.
     *
     * @param transformer transformer that computed the results, with adapters
     * @param tokens tokens of the row alone
     * @param row name of the row, such as "row 3 of rows.tsv"
     */
    public static UserException refusal(
            TransformerModel model, Transformer transformer, TokenBatch tokens, String row) {
        AtomicInteger first = new AtomicInteger(NOWHERE);
        try (Scope scope = model.engine().inference()) {
            transformer.hiddenStates(model.input(tokens), (state, hidden) -> {
                if (first.get() == NOWHERE && !finite(model.engine(), hidden)) {
                    first.set(state);
                }
            });
        }
        String where = first.get() == NOWHERE ? "in the model's outputs" : from(first.get());
        return new UserException(sentence(row, where, because(model)));
    }

    /**
     * Returns the exception for a row whose hidden states are NaN or infinite.
     *
     * @param state index of the first such state: 0 for the embeddings
     * @param row name of the row, such as "row 3 of rows.tsv"
     * @param model model, if its weights are available
     */
    public static UserException refusal(int state, String row, Optional<TransformerModel> model) {
        return new UserException(sentence(
                row,
                from(state),
                model.map(NonFiniteDiagnosis::because).orElse("leave that row out, or take another model")));
    }

    private static String sentence(String row, String where, String because) {
        return "%s%s gives NaN or infinite numbers %s; %s."
                .formatted(row.substring(0, 1).toUpperCase(Locale.ROOT), row.substring(1), where, because);
    }

    /** Describes in words the layer from which numbers are not finite. */
    public static String from(int state) {
        return state == 0 ? "from the embeddings on" : "from layer %s on".formatted(state - 1);
    }

    private static String because(TransformerModel model) {
        return weight(model)
                .map(name -> "the weight %s of %s holds such numbers: %s"
                        .formatted(name, model.checkpoint().folder(), ANOTHER))
                .orElse(
                        model.transformer().type().bytes() == 2
                                ? "the weights of the layers are finite, so compute with --dtype f32"
                                : "the weights of the layers are finite, so look at the head and the adapter, or leave that row out");
    }
}
