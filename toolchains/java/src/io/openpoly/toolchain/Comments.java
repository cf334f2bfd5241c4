package io.openpoly.toolchain;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.util.TreePath;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;

/** What Javadoc comments say, as plain text on one line. */
final class Comments {
    private static final Pattern INLINE_TAG = Pattern.compile("\\{@\\w+\\s+([^{}]*)\\}");
    private static final Pattern HTML_TAG = Pattern.compile("</?[A-Za-z][^<>]*>");
    private static final Pattern PARAGRAPH_END = Pattern.compile("(?i)<p\\b|\\n\\s*\\n");
    private static final Pattern SPACE = Pattern.compile("\\s+");

    private final Compilation compilation;

    Comments(Compilation compilation) {
        this.compilation = compilation;
    }

    /** The first paragraph; empty when there is none. */
    String summary(Element element) {
        DocCommentTree comment = commentOf(element);
        return comment == null ? "" : plain(PARAGRAPH_END.split(text(comment.getFullBody()), 2)[0]);
    }

    /** `{parameter: text}` of a method or a record. */
    Map<String, String> parameters(Element element) {
        Map<String, String> texts = new LinkedHashMap<>();
        DocCommentTree comment = commentOf(element);
        if (comment == null) return texts;
        for (DocTree tag : comment.getBlockTags()) {
            if (!(tag instanceof ParamTree) || ((ParamTree) tag).isTypeParameter()) continue;
            String text = plain(text(((ParamTree) tag).getDescription()));
            if (!text.isEmpty()) texts.put(((ParamTree) tag).getName().toString(), text);
        }
        return texts;
    }

    private DocCommentTree commentOf(Element element) {
        TreePath path = compilation.trees.getPath(element);
        return path == null ? null : compilation.trees.getDocCommentTree(path);
    }

    private static String text(List<? extends DocTree> parts) {
        return parts.stream().map(DocTree::toString).collect(Collectors.joining());
    }

    private static String plain(String text) {
        String withoutTags = HTML_TAG.matcher(INLINE_TAG.matcher(text).replaceAll("$1")).replaceAll("");
        String decoded = withoutTags.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
        return SPACE.matcher(decoded).replaceAll(" ").strip();
    }
}
