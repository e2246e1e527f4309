package org.layerwise.study;

import java.util.List;
import java.util.Optional;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.study.card.AdapterCard;
import org.layerwise.training.TaskKind;

/**
 * Everything that is read before the first step.
 *
 * @param validation the first is looked at while it trains; empty for none
 * @param test rows that are measured once, at the end
 * @param adapted what is trained
 * @param identity of model and data
 */
public record TrainingMaterial(
        TaskKind task,
        LabelledData train,
        List<HeldOut> validation,
        Optional<LabelledData> test,
        AdaptedModel adapted,
        RunIdentity identity)
        implements AutoCloseable {

    /** Returns the way to load the adapter that is trained, for its card. */
    public AdapterCard.Use use(OpenModel model) {
        return new AdapterCard.Use(
                task,
                adapted.labels().orElse(0),
                train.classNames(),
                model.seesImages(),
                model.card().hasTokenizer());
    }

    @Override
    public void close() {
        adapted.close();
    }
}
