package org.layerwise.generation.answer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A problem whose answer is Python code.
 *
 * @param taskId id of the problem in the harness: {@code HumanEval/0}, {@code Mbpp/601}
 * @param prompt HumanEval: the beginning of the code, up to the end of the function's docstring; MBPP: a description of
 *     the code in words
 * @param entryPoint name of the function; null if the data do not contain it
 * @param tests MBPP: assertions that are shown with the problem
 */
public record CodeProblem(String taskId, String prompt, @Nullable String entryPoint, List<String> tests) {

    public CodeProblem {
        tests = List.copyOf(tests);
    }
}
