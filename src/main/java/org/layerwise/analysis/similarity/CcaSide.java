package org.layerwise.analysis.similarity;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Matrix;
import org.layerwise.analysis.Measure;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.Similarity;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.tensor.Device;
import org.layerwise.tensor.TensorEngine;

/** Singular directions of all hidden states of a model. */
record CcaSide(List<Directions> states) {

    /** Factors every hidden state; the tensors belong to the current scope. */
    static CcaSide of(
            TensorEngine engine,
            Representations representations,
            double share,
            Measure measure,
            Device device,
            Progress progress) {
        List<Directions> states = new ArrayList<>();
        for (Matrix layer : representations.layers()) {
            int state = states.size();
            progress.check();
            progress.report((double) state / representations.layers().size(), "Factoring hidden state " + state);
            states.add(Directions.of(engine, layer, state, representations.position(), share, measure, device));
        }
        return new CcaSide(states);
    }

    /** Refuses a share that is not above 0 and at most 1. */
    static void requireShare(Measure measure, double share) {
        if (!(share > 0 && share <= 1)) {
            throw new UserException("The share of the variance that %s keeps must be above 0 and at most 1, not %s."
                    .formatted(MeasureMessages.name(measure), share));
        }
    }

    Directions of(int state) {
        return states.get(state);
    }

    List<Similarity.@Nullable Undefined> reasons() {
        List<Similarity.@Nullable Undefined> reasons = new ArrayList<>();
        for (Directions directions : states) {
            reasons.add(directions.undefined());
        }
        return reasons;
    }
}
