package org.layerwise.study.analysis;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Position;
import org.layerwise.base.Progress;
import org.layerwise.data.token.TokenizedDataset;

/** Computation of representations on a cluster, which may take a long time. */
public interface RemoteRepresentationSource extends RepresentationSource {

    /**
     * Returns this computation for the model with an adapter.
     *
     * @param adapter folder of the adapter; null for the model without an adapter
     */
    RemoteRepresentationSource with(@Nullable Path adapter);

    /**
     * Sends the job to the cluster and submits it, unless this was done before.
     *
     * @return the folder that identifies the job until its result is fetched
     * @throws org.layerwise.base.UserException if the cluster refuses the job
     */
    Path handIn(TokenizedDataset tokens, Position position, Progress progress);
}
