package org.encore.app.report;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** A written page, read by a strict parser: markup that is not well-formed fails here. */
public final class Page {
    private final Document document;

    private Page(Document document) {
        this.document = document;
    }

    static Page read(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    /** Parses markup with one root. */
    public static Page parse(String markup) throws IOException {
        try {
            return new Page(DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(markup))));
        } catch (SAXException | ParserConfigurationException e) {
            throw new IOException("the page is not well-formed: " + e.getMessage(), e);
        }
    }

    /** The texts of all nodes that an XPath expression finds, attributes included. */
    public List<String> texts(String path) {
        try {
            NodeList nodes =
                    (NodeList) XPathFactory.newInstance().newXPath().evaluate(path, document, XPathConstants.NODESET);
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < nodes.getLength(); i++) {
                Node node = nodes.item(i);
                texts.add(node.getTextContent());
            }
            return texts;
        } catch (XPathExpressionException e) {
            throw new IllegalArgumentException(path, e);
        }
    }

    /** How many nodes an XPath expression finds. */
    public int count(String path) {
        return texts(path).size();
    }
}
