package org.layerwise.study;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.Representations;
import org.layerwise.analysis.RepresentationsFile;
import org.layerwise.base.Progress;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Split;
import org.layerwise.data.TokenizedDataset;

/** Writes what each layer makes of some data into a safetensors file. */
public final class ExtractionJob {

    private final Workbench workbench;
    private final OpenModel model;
    private final DataSettings data;
    private final Position position;

    /** @param position the token that stands for an example; null for the family's default */
    public ExtractionJob(Workbench workbench, OpenModel model, DataSettings data, @Nullable Position position) {
        this.workbench = workbench;
        this.model = model;
        this.data = data;
        this.position = position == null ? model.card().defaultPosition() : position;
    }

    /**
     * Extracts and writes.
     *
     * @return the number of rows whose text was cut to the limit
     */
    public int run(Path out, Progress progress) {
        Dataset rows = workbench.read(data, LabelUse.IGNORE, Split.TRAIN, progress.part(0, 0.05));
        TokenizedDataset tokens = model.tokenize(rows, data, progress.part(0.05, 0.1));
        Representations representations = model.represent(tokens, position, progress.part(0.1, 1));
        RepresentationsFile.write(out, representations, model.card().name(), rows.location());
        return tokens.cutRows();
    }
}
