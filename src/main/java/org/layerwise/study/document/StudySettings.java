package org.layerwise.study.document;

import org.jspecify.annotations.Nullable;
import org.layerwise.study.AnalysisSettings;
import org.layerwise.study.DataSettings;
import org.layerwise.study.Destination;
import org.layerwise.study.ModelSettings;
import org.layerwise.study.TrainingSettings;

/**
 * What the panes of a study are set to.
 *
 * @param model its name is empty before one is opened
 * @param rows their location is empty before data are opened; without a batch, which is the training's
 * @param training without layers, which are the selection's
 * @param batch rows a batch in training
 * @param analyzeOn where it is computed what layers make of the rows; null for here
 * @param trainOn where it is trained; null for here
 */
public record StudySettings(
        ModelSettings model,
        DataSettings rows,
        AnalysisSettings analysis,
        TrainingSettings training,
        int batch,
        @Nullable Destination analyzeOn,
        @Nullable Destination trainOn) {

    /** All of it done here. */
    public StudySettings(
            ModelSettings model, DataSettings rows, AnalysisSettings analysis, TrainingSettings training, int batch) {
        this(model, rows, analysis, training, batch, null, null);
    }

    /** What is usual, without a model and data. */
    public static StudySettings usual() {
        return new StudySettings(
                ModelSettings.of(""),
                DataSettings.of(""),
                AnalysisSettings.defaults(),
                TrainingSettings.defaults(),
                DataSettings.DEFAULT_BATCH);
    }
}
