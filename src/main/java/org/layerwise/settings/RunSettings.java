package org.layerwise.settings;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.layerwise.base.setting.DerivedSetting;
import org.layerwise.base.setting.Range;
import org.layerwise.base.setting.Setting;

/** Settings of the work around the steps of a training: evaluations, checkpoints, memory, event files. */
public final class RunSettings {

    private static final Range COUNT = Range.atLeast(1);
    private static final Range NOT_NEGATIVE = Range.atLeast(0);

    /** Program that a run reports to. */
    public enum Report {
        NONE,
        TENSORBOARD;

        /** Returns the name that HuggingFace uses. */
        public String id() {
            return this == NONE ? "none" : "tensorboard";
        }
    }

    /** Optimiser steps between evaluations; the default is the number of steps of an epoch. */
    public static final DerivedSetting<Integer, Integer> EVALUATE_EVERY = Setting.whole("evaluate-every", null)
            .in(COUNT)
            .title("Evaluate every")
            .unit("steps")
            .help("Steps between evaluations on the validation rows.")
            .derived("once an epoch", Function.identity());

    public static final Setting<Boolean> KEEP_BEST = Setting.flag("keep-best")
            .title("Keep the best")
            .help("Keep the adapter of the best evaluation rather than the last.");

    public static final Setting<String> BEST_METRIC = Setting.text("best-metric")
            .label("loss|NAME")
            .checked(name -> BestMetric.isKnown(name) ? Optional.empty() : Optional.of(BestMetric.words()))
            .defaultText("the task's own")
            .advanced()
            .title("Best by")
            .help("Metric that decides which evaluation is best, for --keep-best and --patience.");

    public static final Setting<Integer> PATIENCE = Setting.whole("patience", null)
            .in(COUNT)
            .defaultText("never")
            .advanced()
            .title("Patience")
            .unit("evaluations")
            .help("Stop after so many evaluations without a better one.");

    /** Optimiser steps between checkpoints, 0 for none; the default is the number of steps of an epoch. */
    public static final DerivedSetting<Integer, Integer> CHECKPOINT_EVERY = Setting.whole("checkpoint-every", null)
            .in(NOT_NEGATIVE)
            .changingNoNumbers()
            .advanced()
            .title("Checkpoint every")
            .unit("steps")
            .help("Steps between checkpoints to resume from; 0 for none.")
            .derived("once an epoch", Function.identity());

    public static final Setting<Boolean> GRADIENT_CHECKPOINTING = Setting.flag("gradient-checkpointing")
            .changingNoNumbers()
            .advanced()
            .title("Gradient checkpointing")
            .help("Compute the layers' inner values again for the backward pass: less memory, more time.");

    /** Memory for the outputs of frozen layers in MiB; the default is what they need, where that fits in memory. */
    public static final Setting<Integer> PREFIX_CACHE = Setting.whole("prefix-cache", null)
            .in(NOT_NEGATIVE)
            .label("MIB")
            .defaultText("what they need, if a quarter of the free memory is enough")
            .prompt("automatic")
            .changingNoNumbers()
            .advanced()
            .title("Prefix cache")
            .unit("MiB")
            .help(
                    "Memory in MiB for the outputs of the layers below the lowest adapter, kept from epoch to epoch; a file"
                            + " beyond it. 0 for none.");

    public static final Setting<Report> REPORT_TO = Setting.choice("report-to", Report.class, Report::id, Report.NONE)
            .changingNoNumbers()
            .advanced()
            .title("Report to")
            .help("Write event files for TensorBoard.");

    /** All settings, in the order of their keys in files. */
    public static final List<Setting<?>> ALL = List.of(
            EVALUATE_EVERY,
            KEEP_BEST,
            BEST_METRIC,
            PATIENCE,
            CHECKPOINT_EVERY,
            GRADIENT_CHECKPOINTING,
            PREFIX_CACHE,
            REPORT_TO);

    private RunSettings() {}
}
