package org.layerwise.checkpoint;

import java.nio.file.Path;
import org.layerwise.base.Progress;

/**
 * A process of its own that asks for the sample model, for {@link SampleModelTest}: prints {@code converted} if it had to
 * convert it, fails if what it got is not complete.
 */
final class SampleModelProcess implements Progress {

    private boolean converted;

    private SampleModelProcess() {}

    public static void main(String[] arguments) {
        SampleModelProcess progress = new SampleModelProcess();
        try (Checkpoint checkpoint = Checkpoint.open(SampleModel.provide(Path.of(arguments[0]), progress))) {
            if (checkpoint.names().size() != 197) {
                throw new IllegalStateException("incomplete: " + checkpoint.names());
            }
        }
        System.out.println(progress.converted ? "converted" : "found");
    }

    @Override
    public void report(double fraction, String message) {
        converted |= fraction >= 0;
    }

    @Override
    public boolean cancelled() {
        return false;
    }
}
