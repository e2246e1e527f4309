package org.layerwise.study.document;

import org.jspecify.annotations.Nullable;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.RemoteDestination;
import org.layerwise.settings.TrainingSettings;

/**
 * Settings of the panes of a study.
 *
 * @param model model; its name is empty before a model is opened
 * @param rows rows; their location is empty before data are opened. The batch size is not set, see {@code batch}
 * @param analysis settings of the analysis
 * @param training settings of training without the layers, which belong to the selection
 * @param batch batch size in training
 * @param analyzeOn cluster on which representations are computed; null for this computer
 * @param trainOn cluster on which the model is trained; null for this computer
 */
public record StudySettings(
        ModelSettings model,
        DataSettings rows,
        AnalysisSettings analysis,
        TrainingSettings training,
        int batch,
        @Nullable RemoteDestination analyzeOn,
        @Nullable RemoteDestination trainOn) {

    /** Creates settings for work on this computer. */
    public StudySettings(
            ModelSettings model, DataSettings rows, AnalysisSettings analysis, TrainingSettings training, int batch) {
        this(model, rows, analysis, training, batch, null, null);
    }

    /** Returns the defaults, without a model and data. */
    public static StudySettings usual() {
        return new StudySettings(
                ModelSettings.of(""),
                DataSettings.of(""),
                AnalysisSettings.defaults(),
                TrainingSettings.defaults(),
                DataSettings.DEFAULT_BATCH);
    }
}
