/* A table as rows and columns, spans laid out; places are counted from 0. */

export const gridOf = (table) => {
  const rows = [];
  const places = new Map();
  const trs = Array.from(table.rows).filter((tr) => !tr.classList.contains("edit-notes"));
  trs.forEach((tr, row) => {
    rows[row] = rows[row] || [];
    let column = 0;
    for (const cell of tr.cells) {
      while (rows[row][column]) column += 1;
      const down = Math.min(Number(cell.dataset.rowspan || cell.rowSpan), trs.length - row);
      for (let below = 0; below < down; below += 1) {
        rows[row + below] = rows[row + below] || [];
        for (let right = 0; right < cell.colSpan; right += 1) rows[row + below][column + right] = cell;
      }
      places.set(cell, { row, column });
      column += cell.colSpan;
    }
  });
  return { trs, rows, places };
};

/* The cell that is met first from *cell* in a direction, of those that *wanted* takes. */
export const neighbour = (grid, cell, down, right, wanted) => {
  const at = grid.places.get(cell);
  let [row, column] = [at.row + down, at.column + right];
  while (grid.rows[row] && grid.rows[row][column]) {
    const found = grid.rows[row][column];
    if (found !== cell && wanted(found)) return found;
    row += down;
    column += right;
  }
  return null;
};
