// What a browser lets a page keep; some let it keep nothing.

const remembered = (key) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};
const remember = (key, value) => {
  try {
    localStorage.setItem(key, value);
  } catch {
    // it lasts as long as the page
  }
};

