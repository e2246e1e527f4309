package org.layerwise.cli;

import java.nio.file.Path;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.selection.LayerList;
import org.layerwise.study.AdapterShape;

/** An adapter that a training starts from: its saved config decides the shape, and flags may only repeat it. */
record InitialAdapter(AdapterShape shape) {

    /**
     * Reads the shape of a saved adapter.
     *
     * @throws UserException if the folder holds no config of an adapter that is supported
     */
    static InitialAdapter read(Path folder) {
        return new InitialAdapter(AdapterShape.read(folder));
    }

    /**
     * The shape, once the flags are known to agree with it.
     *
     * @throws UserException if one does not
     */
    AdapterChoice complete(AdapterChoice flags) {
        if (flags.rank() != null && flags.rank() != shape.rank()) {
            throw contradicts("--r", flags.rank(), shape.rank());
        }
        if (flags.alpha() != null && flags.alpha() != shape.alpha()) {
            throw contradicts("--alpha", flags.alpha(), shape.alpha());
        }
        if (flags.targetModules() != null
                && shape.targetModules() != null
                && !sorted(flags.targetModules()).equals(sorted(shape.targetModules()))) {
            throw contradicts(
                    "--target-modules",
                    String.join(",", flags.targetModules()),
                    String.join(",", shape.targetModules()));
        }
        SortedSet<Integer> named = flags.layers();
        if (named != null && shape.layers() != null && !named.equals(shape.layers())) {
            throw contradicts("the selection of layers", LayerList.format(named), LayerList.format(shape.layers()));
        }
        return new AdapterChoice(
                shape.layers() == null ? named : shape.layers(),
                shape.targetModules() == null ? flags.targetModules() : shape.targetModules(),
                shape.rank(),
                shape.alpha());
    }

    private UserException contradicts(String flag, @Nullable Object said, @Nullable Object saved) {
        return new UserException(
                "%s is %s, but the initial adapter's %s says %s; leave it out or start without --init-adapter."
                        .formatted(flag, said, shape.file(), saved));
    }

    private static SortedSet<String> sorted(Collection<String> names) {
        return new TreeSet<>(names);
    }
}
