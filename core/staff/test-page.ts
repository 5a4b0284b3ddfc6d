/** One A4 page with a frame near its edges and a few lines, as a PDF: to see whether a printer prints whole, straight and dark. */
export function testPage(lines: readonly string[]): Uint8Array {
  const { widthPt, heightPt, marginPt } = { widthPt: 595, heightPt: 842, marginPt: 28 }
  const content = [
    '1 w', `${marginPt} ${marginPt} ${widthPt - 2 * marginPt} ${heightPt - 2 * marginPt} re S`,
    // Steps from white to black.
    ...Array.from({ length: 11 }, (_, step) => `${(1 - step / 10).toFixed(1)} g ${60 + step * 43} 400 43 60 re f`),
    '0 g', 'BT /F1 20 Tf 60 740 Td 28 TL', ...lines.map((line) => `(${ascii(line)}) Tj T*`), 'ET',
  ].join('\n')
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${widthPt} ${heightPt}] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>`,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const start = file.length
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')}`
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return Uint8Array.from(file, (character) => character.charCodeAt(0))
}

/** The standard fonts of a PDF know ASCII alone; brackets and backslashes would end the text. */
function ascii(line: string): string {
  return line.replaceAll(/[^\x20-\x7e]/g, '?').replaceAll(/[\\()]/g, (character) => `\\${character}`)
}
