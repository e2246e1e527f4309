package org.layerwise.cli;

import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.Position;
import picocli.CommandLine.Option;

/** {@code --position}. */
final class PositionOption {

    @Option(
            names = "--position",
            paramLabel = "first|last|mean",
            description = "Which token stands for a row. Default: first for encoders, last for decoders.")
    private @Nullable Position position;

    /** Null for the family's default. */
    @Nullable
    Position position() {
        return position;
    }
}
