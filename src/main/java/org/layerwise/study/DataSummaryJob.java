package org.layerwise.study;

import org.layerwise.base.Progress;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Split;
import org.layerwise.data.token.DataSummary;
import org.layerwise.settings.DataSettings;
import org.layerwise.study.model.OpenModel;

/** Counts the tokens of some rows for a model: their lengths, and the number of truncated rows. */
public final class DataSummaryJob {

    private final Workbench workbench;
    private final OpenModel model;
    private final DataSettings data;

    public DataSummaryJob(Workbench workbench, OpenModel model, DataSettings data) {
        this.workbench = workbench;
        this.model = model;
        this.data = data;
    }

    /**
     * Reads, tokenizes and counts the rows.
     *
     * @throws org.layerwise.base.UserException if the data is broken or does not suit the model
     */
    public DataSummary run(Progress progress) {
        Dataset rows = workbench.read(data, LabelUse.IGNORE, Split.TRAIN, progress.part(0, 0.3));
        return DataSummary.of(model.tokenize(rows, data, progress.part(0.3, 1)));
    }
}
