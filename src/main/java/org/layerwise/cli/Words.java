package org.layerwise.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.layerwise.analysis.Position;
import org.layerwise.analysis.UndefinedLayers;
import org.layerwise.base.UserException;
import org.layerwise.data.Compatibility;
import org.layerwise.data.Sampling;
import org.layerwise.data.TaskPreset;
import org.layerwise.lora.Bias;
import org.layerwise.lora.LoraVariant;
import org.layerwise.study.ComputeType;
import org.layerwise.study.Loading;
import org.layerwise.study.RunColumn;
import org.layerwise.study.experiment.Arm;
import org.layerwise.study.generation.Benchmark;
import org.layerwise.study.generation.PromptForm;
import org.layerwise.training.Scheduler;
import org.layerwise.training.TaskKind;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Registers converters for the words, numbers and paths of the command line. */
final class Words {

    private Words() {}

    /** Registers the converters with a command line. */
    static void register(CommandLine commandLine) {
        numbers(commandLine);
        commandLine.registerConverter(Path.class, Words::path);
        register(commandLine, Position.class, Position::id);
        register(commandLine, UndefinedLayers.class, UndefinedLayers::id);
        register(commandLine, TaskPreset.class, TaskPreset::id);
        register(commandLine, Sampling.class, Sampling::id);
        register(commandLine, Compatibility.class, Compatibility::id);
        register(commandLine, TaskKind.class, TaskKind::id);
        register(commandLine, Benchmark.class, Benchmark::id);
        register(commandLine, PromptForm.class, PromptForm::id);
        register(commandLine, Scheduler.class, Scheduler::id);
        register(commandLine, ComputeType.class, ComputeType::id);
        register(commandLine, Loading.class, Loading::id);
        register(commandLine, Bias.class, Bias::id);
        register(commandLine, RunColumn.class, RunColumn::id);
        register(commandLine, Arm.class, Arm::id);
        commandLine.registerConverter(LoraVariant.class, Words::variant);
    }

    private static LoraVariant variant(String text) {
        try {
            return LoraVariant.of(text);
        } catch (UserException e) {
            throw new TypeConversionException("\"%s\" is none of %s".formatted(text, LoraVariant.WORDS));
        }
    }

    private static void numbers(CommandLine commandLine) {
        commandLine.registerConverter(Integer.class, text -> number(text, "a whole number", Integer::valueOf));
        commandLine.registerConverter(Long.class, text -> number(text, "a whole number", Long::valueOf));
        commandLine.registerConverter(Double.class, text -> number(text, "a number", Double::valueOf));
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new UserException(NoSuchName.sentence(e), e);
        }
    }

    private static <N> N number(String text, String kind, Function<String, N> read) {
        try {
            return read.apply(text.strip());
        } catch (NumberFormatException e) {
            if (text.strip().matches("[+-]?\\d+")) {
                throw new TypeConversionException("\"%s\" is too large".formatted(text));
            }
            throw new TypeConversionException("\"%s\" is not %s".formatted(text, kind));
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
