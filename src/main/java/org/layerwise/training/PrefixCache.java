package org.layerwise.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.ByteSize;
import org.layerwise.base.UserException;
import org.layerwise.base.file.DiskSpace;
import org.layerwise.base.file.FileErrors;
import org.layerwise.data.TokenRow;
import org.layerwise.data.token.TokenizedDataset;
import org.layerwise.lora.AdaptedModel;
import org.layerwise.model.Transformer;

/**
 * Decision about keeping the output of the layers below the lowest adapter for all epochs.
 *
 * @param prefix chosen prefix
 * @param remark one sentence on the decision for the user; empty if no cache was requested
 */
record PrefixCache(Prefix prefix, Optional<String> remark) {

    /**
     * Chooses the prefix of a training.
     *
     * @param transformer transformer for training, with dropout
     * @param scratch folder for a temporary file
     */
    static PrefixCache of(
            AdaptedModel model,
            Transformer transformer,
            TokenizedDataset data,
            TrainerSettings settings,
            Path scratch) {
        int lowest = model.lowestTrainedLayer();
        FrozenPrefix computed = new FrozenPrefix(model.base().engine(), transformer, lowest, data);
        long memory = settings.memory().prefixCacheBytes();
        if (memory == 0) {
            return new PrefixCache(computed, Optional.empty());
        }
        long needed = FrozenOutputs.bytes(model, data);
        Optional<String> reason = settings.reasonAgainstPrefixCache(lowest, data.size())
                .or(() -> Optional.ofNullable(roomMissing(scratch, needed - memory)));
        if (reason.isPresent()) {
            return new PrefixCache(
                    computed, Optional.of("The prefix cache is not used, since %s.".formatted(reason.get())));
        }
        int[] lengths = data.rows().stream().mapToInt(TokenRow::length).toArray();
        HiddenStateStore store = new HiddenStateStore(model.base().engine(), lengths, memory, scratch);
        return new PrefixCache(
                new CachedPrefix(model.base(), computed, settings, store),
                Optional.of(told(lowest, transformer.config().layers(), needed, memory)));
    }

    private static @Nullable String roomMissing(Path folder, long bytes) {
        if (bytes <= 0) {
            return null;
        }
        try {
            long room = DiskSpace.usable(folder);
            return room >= bytes
                    ? null
                    : "its file needs %s and %s has room for %s"
                            .formatted(ByteSize.of(bytes), folder, ByteSize.of(room));
        } catch (IOException e) {
            throw new UserException("Cannot write into %s: %s.".formatted(folder, FileErrors.reason(e)), e);
        }
    }

    private static String told(int lowest, int layers, long needed, long memory) {
        return "The outputs of the layers below layer %s are kept from epoch to epoch (%s%s), which saves about %s %% of the work of each later epoch; a run with --prefix-cache 0 goes without."
                .formatted(
                        lowest,
                        ByteSize.of(needed),
                        needed > memory ? ", of which %s in a file".formatted(ByteSize.of(needed - memory)) : "",
                        Math.round(100 * FrozenOutputs.savedShare(lowest, layers)));
    }
}
