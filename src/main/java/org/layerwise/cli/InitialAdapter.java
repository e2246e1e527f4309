package org.layerwise.cli;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.lora.Initialisation;
import org.layerwise.lora.LoraVariant;
import org.layerwise.selection.LayerList;
import org.layerwise.study.AdapterShape;
import org.layerwise.study.ModulePatterns;

/** An adapter that a training starts from: its saved config decides the shape, and flags may only repeat it. */
record InitialAdapter(AdapterShape shape) {

    private static final Set<String> ALWAYS_SAVED = Set.of("classifier", "score");

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
        requireSame("--r", flags.rank(), shape.rank());
        requireSame("--alpha", flags.alpha(), shape.alpha());
        requireSameNames("--target-modules", flags.targetModules(), shape.targetModules());
        SortedSet<Integer> named = flags.layers();
        if (named != null && shape.layers() != null && !named.equals(shape.layers())) {
            throw contradicts("the selection of layers", LayerList.format(named), LayerList.format(shape.layers()));
        }
        LoraVariant variant = variant(flags.variant());
        requireSame(
                "--bias",
                flags.bias() == null ? null : flags.bias().id(),
                shape.bias().id());
        requireSamePattern("--rank-pattern", flags.rankPattern(), shape.rankPattern());
        requireSamePattern("--alpha-pattern", flags.alphaPattern(), shape.alphaPattern());
        requireSameNames("--modules-to-save", asked(flags.modulesToSave()), asked(shape.modulesToSave()));
        return new AdapterChoice(
                shape.layers() == null ? named : shape.layers(),
                shape.targetModules() == null ? flags.targetModules() : shape.targetModules(),
                shape.rank(),
                shape.alpha(),
                variant,
                shape.bias(),
                shape.rankPattern(),
                shape.alphaPattern(),
                shape.modulesToSave());
    }

    /** That of the file; where it says that the adapter starts at random, it may be the principal part of PiSSA all the same. */
    private LoraVariant variant(@Nullable LoraVariant flag) {
        LoraVariant own = shape.variant();
        if (flag == null || flag.equals(own)) {
            return own;
        }
        boolean principal = flag.initialisation() instanceof Initialisation.Pissa
                && own.initialisation() instanceof Initialisation.Random;
        boolean same = flag.rankStabilised() == own.rankStabilised() && flag.decomposed() == own.decomposed();
        boolean silent = !flag.rankStabilised() && !flag.decomposed();
        if (principal && (same || silent)) {
            return new LoraVariant(own.rankStabilised(), own.decomposed(), flag.initialisation());
        }
        throw contradicts("--variant", flag.id(), own.id());
    }

    /** Without those that PEFT always names for classifiers. */
    private static @Nullable Collection<String> asked(@Nullable Collection<String> modules) {
        return modules == null
                ? null
                : modules.stream().filter(name -> !ALWAYS_SAVED.contains(name)).toList();
    }

    private void requireSame(String flag, @Nullable Object said, Object saved) {
        if (said != null && !said.equals(saved)) {
            throw contradicts(flag, said, saved);
        }
    }

    private void requireSamePattern(
            String flag, @Nullable Map<String, ? extends Number> said, Map<String, ? extends Number> saved) {
        if (said != null && !said.equals(saved)) {
            throw contradicts(flag, ModulePatterns.text(said), saved.isEmpty() ? "none" : ModulePatterns.text(saved));
        }
    }

    private void requireSameNames(String flag, @Nullable Collection<String> said, @Nullable Collection<String> saved) {
        if (said != null && saved != null && !new TreeSet<>(said).equals(new TreeSet<>(saved))) {
            throw contradicts(flag, String.join(",", said), saved.isEmpty() ? "none" : String.join(",", saved));
        }
    }

    private UserException contradicts(String flag, Object said, Object saved) {
        return new UserException(
                "%s is %s, but the initial adapter's %s says %s; leave it out or start without --init-adapter."
                        .formatted(flag, said, shape.file(), saved));
    }
}
