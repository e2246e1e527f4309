package org.layerwise.gui.training;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.study.TrainingSettings;

/** The training's settings as the form holds them, with the same defaults as the command line. */
public final class TrainingForm {

    private final AdapterFields adapter = new AdapterFields();
    private final OptimiserFields optimiser = new OptimiserFields();
    private final RunFields run = new RunFields();
    private final List<Group> groups = List.of(adapter.group(), optimiser.group(), run.group());

    /** Which adapters. */
    public AdapterFields adapter() {
        return adapter;
    }

    /** How the weights go from step to step. */
    public OptimiserFields optimiser() {
        return optimiser;
    }

    /** What it is for, measured by, and what is kept. */
    public RunFields run() {
        return run;
    }

    /** All fields as the form shows them, from the top. */
    public List<Group> groups() {
        return groups;
    }

    /** All fields, to listen to. */
    public Stream<Field<?>> fields() {
        return groups.stream().flatMap(Group::fields);
    }

    /** Takes all settings but the layers. */
    public void fill(TrainingSettings settings, int rowsABatch) {
        adapter.fill(settings.values());
        optimiser.fill(settings.values(), rowsABatch);
        run.fill(settings.values());
    }

    /** The first field that something is wrong with. */
    Optional<Field<?>> wrong() {
        return fields().filter(field -> field.shownProperty().getValue())
                .filter(field -> !field.mistakeProperty().get().isEmpty())
                .findFirst();
    }

    /** Optimiser steps that so many rows take. */
    public long steps(int rows) {
        return optimiser.steps(rows);
    }

    /** The settings as `study` takes them. */
    public TrainingSettings settings(@Nullable SortedSet<Integer> layers) {
        return new TrainingSettings(
                layers, null, adapter.values().and(optimiser.values()).and(run.values()));
    }
}
