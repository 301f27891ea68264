// Rows in an order.

const isEmpty = (value) => value === undefined || value === null || value === '';

/** The rows by what `valueOf` says of each, up (`sign` 1) or down (-1). Rows without a value are last both ways, and equal ones stay in their order. */
export function sortedBy(rows, valueOf, sign) {
  const compare = (a, b) => {
    if (isEmpty(a) || isEmpty(b)) return Number(isEmpty(a)) - Number(isEmpty(b));
    return a === b ? 0 : (a < b ? -1 : 1) * sign;
  };
  return [...rows].sort((one, other) => compare(valueOf(one), valueOf(other)));
}
