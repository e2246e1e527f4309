package org.layerwise.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.base.UserException;
import org.layerwise.base.setting.SettingType;
import org.layerwise.run.RunColumn;
import org.layerwise.selection.RankRule;
import org.layerwise.study.adapter.PruningOrder;
import org.layerwise.study.evaluation.Benchmark;
import org.layerwise.study.evaluation.PromptForm;
import org.layerwise.study.experiment.Arm;
import org.layerwise.study.experiment.rules.Stopping;
import org.layerwise.study.experiment.rules.SweepRule;
import org.layerwise.training.TaskKind;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Registers converters for the words, numbers and paths of the command line. */
public final class EnumConverters {

    private EnumConverters() {}

    /** Registers the converters with a command line. */
    public static void register(CommandLine commandLine) {
        numbers(commandLine);
        commandLine.registerConverter(Path.class, EnumConverters::path);
        register(commandLine, UndefinedLayers.class, UndefinedLayers::id);
        register(commandLine, RankRule.class, RankRule::id);
        register(commandLine, TaskKind.class, TaskKind::id);
        register(commandLine, Benchmark.class, Benchmark::id);
        register(commandLine, PromptForm.class, PromptForm::id);
        register(commandLine, RunColumn.class, RunColumn::id);
        register(commandLine, SweepRule.class, SweepRule::id);
        register(commandLine, Stopping.class, Stopping::id);
        commandLine.registerConverter(Arm.class, EnumConverters::arm);
        register(commandLine, PruningOrder.class, PruningOrder::id);
    }

    private static void numbers(CommandLine commandLine) {
        commandLine.registerConverter(Integer.class, text -> number(text, SettingType.WHOLE));
        commandLine.registerConverter(Long.class, text -> number(text, SettingType.LONG));
        commandLine.registerConverter(Double.class, text -> number(text, SettingType.NUMBER));
    }

    private static Arm arm(String text) {
        return Arm.of(text.strip())
                .orElseThrow(
                        () -> new TypeConversionException("\"%s\" is none of %s, and none of these with %s at its end"
                                .formatted(
                                        text,
                                        Arm.BASES.stream().map(Arm::id).collect(Collectors.joining(", ")),
                                        String.join(", ", Arm.suffixes()))));
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new UserException(InvalidFileName.sentence(e), e);
        }
    }

    private static <N> N number(String text, SettingType<N> type) {
        try {
            return type.parse().apply(text.strip());
        } catch (NumberFormatException e) {
            if (text.strip().matches("[+-]?\\d+")) {
                throw new TypeConversionException("\"%s\" is too large".formatted(text));
            }
            throw new TypeConversionException("\"%s\" is not %s".formatted(text, type.expected()));
        }
    }

    private static <E extends Enum<E>> void register(CommandLine commandLine, Class<E> type, Function<E, String> word) {
        List<E> choices = Arrays.asList(type.getEnumConstants());
        ITypeConverter<E> converter = text -> choices.stream()
                .filter(choice -> word.apply(choice).equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("\"%s\" is none of %s"
                        .formatted(
                                text,
                                String.join(", ", choices.stream().map(word).toList()))));
        commandLine.registerConverter(type, converter);
    }
}
