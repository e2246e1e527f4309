package org.layerwise.study.model;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.Checkpoint;
import org.layerwise.checkpoint.WeightsHash;
import org.layerwise.run.ModelIdentity;

/** Hashes of a model's weights, each computed once, when it is first asked for; all its files may have to be read. */
final class ModelHashes {

    private final Checkpoint checkpoint;
    private @Nullable String weights;
    private @Nullable String snapshot;

    ModelHashes(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    /** Returns the hash of {@link OpenModel#weightsSha256}. */
    synchronized Optional<String> ofWeights(Progress progress) {
        if (weights == null && checkpoint.hasWeights()) {
            weights = WeightsHash.sha256(checkpoint, progress);
        }
        return Optional.ofNullable(weights);
    }

    /** Returns the identity of {@link OpenModel#identity}. */
    synchronized ModelIdentity identity(Progress progress) {
        String revision = checkpoint.revision().orElse(null);
        if (revision == null) {
            return new ModelIdentity(null, ofWeights(progress).orElse(null), null);
        }
        if (snapshot == null && checkpoint.hasWeights()) {
            snapshot = WeightsHash.ofSnapshot(checkpoint, progress);
        }
        return new ModelIdentity(revision, null, snapshot);
    }
}
