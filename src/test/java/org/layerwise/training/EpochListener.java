package org.layerwise.training;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Reports the end of every pass over the data except the last. */
public record EpochListener(IntConsumer listener) implements TrainerCallback {

    @Override
    public boolean after(Place place, Supplier<TrainerState> state) {
        if (place.endOfEpoch() && !place.last()) {
            listener.accept(place.step());
        }
        return true;
    }

    @Override
    public void cancelled(Supplier<TrainerState> state) {
        // an interrupted training saves no state
    }

    @Override
    public Optional<Path> lastCheckpoint() {
        return Optional.empty();
    }
}
