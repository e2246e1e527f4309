package org.layerwise.architecture;

import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.text.MessageFormat;
import java.text.NumberFormat;
import java.text.SimpleDateFormat;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Scanner;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Name;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Finds code whose result depends on the language of the user's computer: in Persian, {@code "%d".formatted(1)} is
 * {@code ۱}, which neither SQL nor a job script nor a file name can do with. The calls are found in the compiled classes,
 * the conversions of {@link String#formatted} in the source.
 */
final class LocaleRules {

    private static final String CONSTRUCTOR = JavaConstructor.CONSTRUCTOR_NAME;

    /** The methods and constructors that use the computer's language unless they are given another. */
    private static final Map<Class<?>, Set<String>> LOCALISED = Map.of(
            String.class, Set.of("format", "toLowerCase", "toUpperCase"),
            PrintStream.class, Set.of("format", "printf"),
            PrintWriter.class, Set.of("format", "printf"),
            Formatter.class, Set.of(CONSTRUCTOR),
            Scanner.class, Set.of(CONSTRUCTOR),
            DecimalFormat.class, Set.of(CONSTRUCTOR),
            NumberFormat.class, Set.of("getInstance", "getNumberInstance", "getIntegerInstance", "getPercentInstance"),
            MessageFormat.class, Set.of(CONSTRUCTOR),
            SimpleDateFormat.class, Set.of(CONSTRUCTOR),
            DateTimeFormatter.class, Set.of("ofPattern"));

    /** Conversions that are the same in every language: those of Error Prone's DefaultLocale, and hexadecimal numbers. */
    private static final Pattern SAME_EVERYWHERE =
            Pattern.compile("%([%n]|(\\d+\\$|<)?-?\\d*(\\.\\d+)?[bhsc]|0?\\d*[xX])");

    private static final Pattern CONVERSION = Pattern.compile("%[^a-zA-Z%]*[tT]?[a-zA-Z%]");

    private LocaleRules() {}

    /** Calls and references of methods that format, parse or change case by the language of the computer. */
    static DescribedPredicate<JavaAccess<?>> localisedCalls() {
        return DescribedPredicate.describe(
                "the language of the computer is used",
                access -> access.getTarget() instanceof CodeUnitAccessTarget target
                        && LOCALISED.entrySet().stream()
                                .anyMatch(entry -> target.getOwner().isEquivalentTo(entry.getKey())
                                        && entry.getValue().contains(target.getName()))
                        && target.getRawParameterTypes().stream().noneMatch(LocaleRules::namesLanguage));
    }

    private static boolean namesLanguage(JavaClass type) {
        return type.isEquivalentTo(Locale.class) || type.isEquivalentTo(DecimalFormatSymbols.class);
    }

    /** The places below a folder of sources where {@link String#formatted} writes something that depends on the language. */
    static List<String> localisedFormats(Path sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> found = Files.walk(sources)) {
            List<Path> java =
                    found.filter(file -> file.toString().endsWith(".java")).toList();
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, null, null, files.getJavaFileObjectsFromPaths(java));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            List<String> places = new ArrayList<>();
            for (CompilationUnitTree unit : task.parse()) {
                places.addAll(new Formats(unit, positions).places());
            }
            return places;
        }
    }

    /** Looks at each format; those of names are looked up among the constants of the file. */
    private static final class Formats extends TreeScanner<Void, Void> {

        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final Map<String, String> constants = new HashMap<>();
        private final List<String> places = new ArrayList<>();

        Formats(CompilationUnitTree unit, SourcePositions positions) {
            this.unit = unit;
            this.positions = positions;
        }

        List<String> places() {
            new TreeScanner<Void, Void>() {
                @Override
                public Void visitVariable(VariableTree variable, Void none) {
                    texts(variable.getInitializer())
                            .ifPresent(text -> constants.put(variable.getName().toString(), text));
                    return super.visitVariable(variable, none);
                }
            }.scan(unit, null);
            scan(unit, null);
            return places;
        }

        @Override
        public Void visitMemberSelect(MemberSelectTree selected, Void none) {
            check(selected.getIdentifier(), selected.getExpression());
            return super.visitMemberSelect(selected, none);
        }

        @Override
        public Void visitMemberReference(MemberReferenceTree reference, Void none) {
            check(reference.getName(), reference.getQualifierExpression());
            return super.visitMemberReference(reference, none);
        }

        private void check(Name method, ExpressionTree format) {
            if (!method.contentEquals("formatted")) {
                return;
            }
            List<String> wrong = texts(format)
                    .map(text -> CONVERSION
                            .matcher(text)
                            .results()
                            .map(MatchResult::group)
                            .filter(conversion ->
                                    !SAME_EVERYWHERE.matcher(conversion).matches())
                            .toList())
                    .orElse(List.of("a format that is no constant"));
            if (!wrong.isEmpty()) {
                long line = unit.getLineMap().getLineNumber(positions.getEndPosition(unit, format));
                places.add("%s:%s: %s".formatted(unit.getSourceFile().getName(), line, String.join(", ", wrong)));
            }
        }

        /** All texts that an expression of literals, names, sums and choices may have, one after another. */
        private Optional<String> texts(@Nullable ExpressionTree expression) {
            if (expression instanceof LiteralTree literal) {
                return Optional.of(String.valueOf(literal.getValue()));
            }
            if (expression instanceof IdentifierTree name) {
                return Optional.ofNullable(constants.get(name.toString()));
            }
            if (expression instanceof ParenthesizedTree inner) {
                return texts(inner.getExpression());
            }
            if (expression instanceof BinaryTree sum) {
                return both(sum.getLeftOperand(), sum.getRightOperand());
            }
            if (expression instanceof ConditionalExpressionTree choice) {
                return both(choice.getTrueExpression(), choice.getFalseExpression());
            }
            return Optional.empty();
        }

        private Optional<String> both(ExpressionTree one, ExpressionTree other) {
            return texts(one).flatMap(first -> texts(other).map(second -> first + second));
        }
    }
}
