package org.layerwise.study;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Position;
import org.layerwise.base.Progress;
import org.layerwise.data.TokenizedDataset;

/** Has it computed on another machine what each layer makes of rows, which may take its time. */
public interface RepresentsThere extends Represents {

    /** The same of the model with an adapter, named by its folder; null for without. */
    RepresentsThere with(@Nullable Path adapter);

    /**
     * Sends the job and hands it in, unless it is there already.
     *
     * @return the folder by which it is found again, until its result was fetched
     * @throws org.layerwise.base.UserException if it is not taken
     */
    Path handIn(TokenizedDataset tokens, Position position, Progress progress);
}
