package org.layerwise.checkpoint;

import java.nio.file.Path;
import org.layerwise.base.Progress;

/** A process of its own that asks for the sample model, for {@link SampleModelTest}. */
final class SampleModelProcess {

    private SampleModelProcess() {}

    public static void main(String[] arguments) {
        try (Checkpoint checkpoint = Checkpoint.open(SampleModel.provide(Path.of(arguments[0]), Progress.none()))) {
            if (checkpoint.names().size() != 197) {
                throw new IllegalStateException("incomplete: " + checkpoint.names());
            }
        }
    }
}
