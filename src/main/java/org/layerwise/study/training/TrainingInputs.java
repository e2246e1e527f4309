package org.layerwise.study.training;

import java.util.List;
import java.util.Optional;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.run.RunIdentity;
import org.layerwise.study.model.LabelledData;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.report.AdapterCard;
import org.layerwise.training.TaskKind;

/**
 * Inputs of a training, read before the first step.
 *
 * @param task task of the training
 * @param train rows to train on
 * @param validation rows of the validation files, the first of which is used during the training; empty for none
 * @param test rows that are evaluated once, at the end
 * @param adapted model with the adapters to train
 * @param identity identity of model and data
 */
public record TrainingInputs(
        TaskKind task,
        LabelledData train,
        List<EvaluationSet> validation,
        Optional<LabelledData> test,
        AdaptedModel adapted,
        RunIdentity identity)
        implements AutoCloseable {

    /** Returns the use of the trained adapter, for the code in its model card that loads the adapter. */
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
